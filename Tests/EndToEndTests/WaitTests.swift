import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Guests that wait: YIELD, WFE and what ends it.
    @Suite struct Wait {
        /// The number of the guest's activity in its source.
        private enum Way: UInt64 {
            case spinning = 1
            case parked, stores, events, stream
        }

        @Test(
            "a YIELD where nothing else can run costs no more than ten NOPs",
            .notOnKVM(.softwareCPUSpeed))
        func yieldAlone() throws {
            let guest = try TimedGuest("waits", marks: ["after_nops", "after_yields"])
            var (nops, yields) = (Double.infinity, Double.infinity)
            for _ in 0..<3 {
                nops = min(nops, try guest.timeToMark())
                yields = min(yields, try guest.timeToMark())
            }
            print("2,000,000 NOPs: \(nops) s, YIELDs: \(yields) s")
            #expect(yields < 10 * nops)
        }

        @Test(
            "a guest all of whose vCPUs wait in WFE wakes the host no more than a few thousand times a second",
            .traplineOnly("QEMU's WFE never waits"), .notOnKVM(.softwareCPUSpeed))
        func parked() throws {
            let guest = try TimedGuest("waits", cpus: 2, variables: ["which": Way.parked.rawValue])
            try guest.client.send("c")
            try guest.vm.waitForSerial("waits: parked")
            sleep(1)
            _ = try guest.timeToStop(limit: .seconds(10))
            let ends = [try guest.value("ends", index: 0), try guest.value("ends", index: 1)]
            print("waits that ended in a second: \(ends)")
            #expect(ends.allSatisfy { $0 < 20_000 }, "a WFE lasts a millisecond of the guest's time")
        }

        @Test(
            "WFE ends by a plain store to what an exclusive load has marked, and by SEV",
            .notOnKVM(.guestTime), arguments: ["stores", "events"])
        func handedOver(_ name: String) throws {
            let ticks = try ticks(of: name == "stores" ? .stores : .events)
            // A turn of 20,000 instructions is 5,000 ticks; a wait that only its limit ended, 62,500 and more.
            #expect(ticks < 4000 * 20_000, "4,000 hand-overs in \(ticks) ticks")
        }

        @Test(
            "WFE ends with the timer's event stream, at the counter's bit that CNTKCTL_EL1 names",
            .traplineOnly("QEMU 7.2 has no event stream"), .notOnKVM(.guestTime))
        func eventStream() throws {
            let ticks = try ticks(of: .stream)
            #expect((98 * 8192...102 * 8192).contains(ticks))
        }

        private func start(_ way: Way) throws -> VMUnderTest {
            let guest = try TimedGuest("waits", cpus: way == .stream ? 1 : 2, variables: ["which": way.rawValue])
            _ = try guest.client.ask("D")
            guest.client.close()
            return guest.vm
        }

        /// The ticks that the guest has measured.
        private func ticks(of way: Way) throws -> Int {
            let vm = try start(way)
            try vm.waitForSerial("a line of ticks") { $0.contains(/ticks \d+\n/) }
            return (vm.serial.firstMatch(of: /ticks (\d+)/)?.1).flatMap { Int($0) } ?? 0
        }
    }
}
