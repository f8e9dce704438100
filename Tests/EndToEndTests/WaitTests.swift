import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Guests that wait: YIELD, WFE and what ends it.
    @Suite struct Wait {
        /// What the guest does, as its source numbers it.
        private enum Way: UInt64 {
            case spinning = 1
            case parked, stores, events, stream
        }

        @Test(
            "a YIELD where nothing else can run costs no more than ten NOPs",
            .notOnKVM("the processor executes it there"))
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
            "a guest all of whose vCPUs wait in WFE leaves the host's processors alone",
            .traplineOnly("QEMU's WFE never waits"), .notOnKVM("the process runs on another host there"))
        func parked() throws {
            let vm = try start(.parked)
            try vm.waitForSerial("waits: parked")
            usleep(100_000)
            let before = try processorTime(of: vm)
            sleep(1)
            let used = try processorTime(of: vm) - before
            print("a second in WFE: \(used) s of processor time")
            #expect(used < 0.5)
        }

        @Test(
            "WFE ends by a plain store to what an exclusive load has marked, and by SEV",
            .notOnKVM("time is the host's there"), arguments: ["stores", "events"])
        func handedOver(_ name: String) throws {
            let ticks = try ticks(of: name == "stores" ? .stores : .events)
            // A turn of 20,000 instructions is 5,000 ticks; a wait that only its limit ended, 62,500 and more.
            #expect(ticks < 4000 * 20_000, "4,000 hand-overs in \(ticks) ticks")
        }

        @Test(
            "WFE ends with the timer's event stream, at the counter's bit that CNTKCTL_EL1 names",
            .traplineOnly("QEMU 7.2 has no event stream"), .notOnKVM("time is the host's there"))
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

        /// What the guest has measured.
        private func ticks(of way: Way) throws -> Int {
            let vm = try start(way)
            try vm.waitForSerial("a line of ticks") { $0.contains(/ticks \d+\n/) }
            return (vm.serial.firstMatch(of: /ticks (\d+)/)?.1).flatMap { Int($0) } ?? 0
        }

        /// What the machine has had of the host's processors, in seconds.
        private func processorTime(of vm: VMUnderTest) throws -> Double {
            let stat = try String(contentsOfFile: "/proc/\(vm.process.pid)/stat", encoding: .utf8)
            // utime and stime, the twelfth and thirteenth field after the name.
            let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
            guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
                throw ProcessError("stat: \(stat)")
            }
            return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }
}
