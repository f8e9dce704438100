import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Guests that keep the host as busy as they can while a debugger interrupts them.
    @Suite struct SlowGuest {
        struct Case: Sendable, CustomTestStringConvertible {
            var name: String
            /// The number of the guest's activity in its source.
            var which: UInt64
            var options: [String] = []
            var hasDisk = false
            /// Packets that the client sends before the guest runs; `$called` and `$page` are addresses.
            var packets: [String] = []
            var notOnKVM: KVMExclusion?

            var testDescription: String { name }
        }

        /// A condition of 32,000 steps that is never true: a loop that counts down from 8,000, then 0 (GDB manual, "Agent
        /// Expressions").
        private static let longCondition = "Xd,231fff22010328200003220027"

        /// Steps through a loop of fewer instructions than each of its hits has steps.
        private static let tracing = [
            "QTDP:1:$called:E:32:0-", "QTDP:-1:$called:SR03FFFFFFFF", "QTBuffer:circular:1", "QTStart",
        ]

        static let cases = [
            Case(name: "block requests of 4 GiB", which: 0, hasDisk: true, notOnKVM: .deviceSpeed),
            Case(
                name: "virtio console output of 256 MiB", which: 1, options: ["--console", "virtio"],
                notOnKVM: .deviceSpeed),
            Case(name: "256 buffers of entropy", which: 2, notOnKVM: .deviceSpeed),
            Case(name: "semihosting strings of 1 MiB", which: 3, options: ["--semihosting"], notOnKVM: .semihosting),
            Case(name: "semihosting blocks of 1 MiB", which: 4, options: ["--semihosting"], notOnKVM: .semihosting),
            Case(name: "a hot condition of 32,000 steps", which: 5, packets: ["Z0,$called,4;\(longCondition)"]),
            Case(name: "while-stepping in a short loop", which: 5, packets: tracing),
            Case(
                name: "a page with 1,000 watchpoints", which: 6,
                packets: (0..<250).flatMap { row in
                    (0..<4).map { "Z2,$page+\(String(row * 16 + 8 + $0 * 2, radix: 16)),1" }
                }, notOnKVM: .debugRegisters),
            Case(name: "serial output byte by byte", which: 7),
            Case(name: "flash commands", which: 8, notOnKVM: .deviceSpeed),
            Case(name: "interrupts enabled again and again", which: 9),
            Case(name: "a vCPU turned on and off again and again", which: 10),
            Case(name: "TLBs flushed", which: 11),
            Case(name: "WFE and SEV", which: 12),
            Case(name: "code that rewrites itself", which: 13),
        ]

        /// On a quiet machine each is below 10 milliseconds; the limit is for one that is slow and busy.
        private static let limit = 1.0 * Double(Patience.factor)

        @Test(
            "Ctrl-C stops a guest at once, whatever it does",
            arguments: cases.filter { $0.notOnKVM == nil || !VMUnderTest.isKVM })
        func stops(_ slow: Case) throws {
            let folder = try TemporaryFolder()
            var options = slow.options
            if slow.hasDisk {
                let disk = folder.file("disk")
                _ = FileManager.default.createFile(atPath: disk, contents: nil)
                // Five sparse gigabytes.
                guard truncate(disk, 5 << 30) == 0 else { throw ProcessError("can't make a sparse \(disk)") }
                options += ["-d", "\(disk),ro"]
            }
            let guest = try TimedGuest("storms", cpus: 2, variables: ["which": slow.which], options: options)
            for packet in slow.packets {
                let reply = try guest.client.ask(try resolve(packet, guest))
                #expect(reply == "OK", "\(packet)")
            }
            var times: [Double] = []
            for wait: UInt32 in [100_000, 30_000, 60_000] {
                try guest.client.send("c")
                usleep(wait)
                times.append(try guest.timeToStop(limit: .seconds(30)))
            }
            print("\(slow.name): stops after \(times.map { String(format: "%.1f", 1000 * $0) }) ms")
            #expect(times.max() ?? 0 < Self.limit)
        }

        @Test(
            "stores to a page with 1,000 watchpoints take about as long as with one", .notOnKVM(.debugRegisters)
        )
        func manyWatchpoints() throws {
            let guest = try TimedGuest("storms", cpus: 1, variables: ["which": 6])
            func storesInAWhile() throws -> Double {
                let before = try guest.value("beats")
                let start = ContinuousClock.now
                try guest.client.send("c")
                usleep(300_000)
                _ = try guest.timeToStop(limit: .seconds(30))
                return Double(try guest.value("beats") - before) / ((ContinuousClock.now - start) / .seconds(1))
            }
            #expect(try guest.client.ask(try resolve("Z2,$page+8,1", guest)) == "OK")
            let one = try storesInAWhile()
            for row in 0..<1000 {
                // Bytes that the stores leave out: the second half of each 16.
                let offset = String(16 * (row / 4 + 1) + 8 + 2 * (row % 4), radix: 16)
                #expect(try guest.client.ask(try resolve("Z2,$page+\(offset),1", guest)) == "OK")
            }
            let many = try storesInAWhile()
            print("stores a second beside one watchpoint: \(one), beside 1,001: \(many)")
            #expect(many > one / 8)
        }

        private func resolve(_ packet: String, _ guest: TimedGuest) throws -> String {
            var packet = packet.replacingOccurrences(of: "$called", with: try guest.address("called"))
            while let match = packet.firstMatch(of: /\$page\+([0-9a-f]+)/), let offset = UInt64(match.1, radix: 16) {
                let page = UInt64(try guest.address("page"), radix: 16) ?? 0
                packet.replaceSubrange(match.range, with: String(page + offset, radix: 16))
            }
            return packet
        }
    }
}
