import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Requests that take as long as a client can make them, interrupted and abandoned.
    ///
    /// Limits are backstops; the measured times are printed.
    @Suite(.enabled(if: VMUnderTest.isTrapline, "QEMU's stub looks at nothing else while it answers"))
    struct LongRequests {
        /// A backstop for what takes milliseconds: ten times as long as on a slow machine.
        private static let backstop = Duration.seconds(10)

        /// A pattern that a naive search compares in full at each place of zeroed memory.
        private static let pattern = [UInt8](repeating: 0, count: 59_999) + [1]

        private static func packet(_ data: [UInt8]) -> [UInt8] {
            var escaped: [UInt8] = []
            for byte in data {
                if "#$}*".utf8.contains(byte) {
                    escaped += [UInt8(ascii: "}"), byte ^ 0x20]
                } else {
                    escaped.append(byte)
                }
            }
            let sum = escaped.reduce(UInt8(0), &+)
            return Array("$".utf8) + escaped + Array("#".utf8) + Array(RSPClient.hex([sum]).utf8)
        }

        private static func monitor(_ line: String) -> [UInt8] { Array(("qRcmd," + RSPClient.hex(line.utf8)).utf8) }

        /// The slowest form of each kind of request.
        ///
        /// The guest's tables lead back to themselves, so that a walk through the
        /// whole address space practically never ends.
        private static let requests: [(name: String, packets: [[UInt8]])] = {
            func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
            func address(_ value: Int) -> String { String(value, radix: 16) }
            let checksum = bytes("qCRC:40000000,7c00000")
            let ranges = (0..<4000).map { address($0 << 30) + ",8" }.joined(separator: ",")
            let write = bytes("X40400000,f000:") + [UInt8](repeating: 0x41, count: 0xf000)
            var rows: [(name: String, packets: [[UInt8]])] = []
            rows.append(("qSearch", [bytes("qSearch:memory:40400000;7000000;") + pattern]))
            rows.append(("qCRC", [checksum]))
            rows.append(("a hundred qCRC", Array(repeating: checksum, count: 100)))
            let questions = Array(repeating: bytes("qC"), count: 20_000)
            rows.append(("a hundred qCRC and 20,000 qC", Array(repeating: checksum, count: 100) + questions))
            rows.append(("MultiMemRead", [bytes("MultiMemRead:ranges:\(ranges);")]))
            rows.append(("m", Array(repeating: bytes("m40000000,10000"), count: 20)))
            rows.append(("x", Array(repeating: bytes("x40000000,1ffff"), count: 20)))
            rows.append(("X", Array(repeating: write, count: 20)))
            rows.append(("qMemoryRegionInfo", (0..<100).map { bytes("qMemoryRegionInfo:" + address($0 << 12)) }))
            rows.append(
                ("qXfer", [bytes("qXfer:threads:read::0,10000"), bytes("qXfer:osdata:read:devices:0,10000")]))
            rows.append(("jThreadsInfo", [bytes("jThreadsInfo")]))
            for line in monitorLines { rows.append(("monitor " + line, [monitor(line)])) }
            return rows
        }()

        private static let monitorLines = [
            "help", "registers", "info registers", "info mem", "info mappings", "info mtree", "info cpus", "info irq",
            "info timer", "info bindings", "exits", "trace mmio on", "trace mmio", "cpus", "xp /16384xw 0x40000000",
            "xp /65536cb 0x40000000", "translate 0x123456789000", "translate 0xffff123456789000 el0",
            "gva2gpa 0xffff123456789000", "bind 0x40080000 asid 1", "catch irq", "catch none", "mask-irq", "regime",
            "breakpoints", "left-breakpoints", "nonsense",
        ]

        /// A machine whose translation tables are one page that leads back to itself, except for its first entry.
        private func machine() throws -> (VMUnderTest, RSPClient) {
            let vm = try VMUnderTest(.program(.named("forever")))
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            try client.ask("QStartNoAckMode").expectOK()
            client.acknowledges = false
            return (vm, client)
        }

        private func useEndlessTables(_ client: RSPClient) throws {
            // The last page of RAM: a table all of whose entries but one are itself.
            let table = "0000000000000000" + String(repeating: "03f0ff4700000000", count: 511)
            try client.ask("M47fff000,1000:" + table).expectOK()
            let values: [(String, UInt64)] = [
                ("TCR_EL1", 16 | 16 << 16 | 2 << 30 | 5 << 32), ("TTBR0_EL1", 0x47ff_f000), ("TTBR1_EL1", 0x47ff_f000),
                ("SCTLR_EL1", 0x30d0_0801),
            ]
            for (name, value) in values {
                try client.write(value, toRegister: name).expectOK()
            }
        }

        @Test(
            "Ctrl-C during any request is answered long before the request would end")
        func interrupted() throws {
            let (vm, client) = try machine()
            defer { withExtendedLifetime(vm) {} }
            for isEndless in [false, true] {
                if isEndless { try useEndlessTables(client) }
                for (name, packets) in Self.requests {
                    let start = ContinuousClock.now
                    try client.send(raw: packets.flatMap(Self.packet) + [3] + Self.packet(Array("qEcho:end".utf8)))
                    var replies = 0
                    while try client.reply(limit: Self.backstop) != "qEcho:end" { replies += 1 }
                    print("\(isEndless ? "endless tables, " : "")\(name): \(ContinuousClock.now - start)")
                    #expect(replies >= packets.count, "\(name)")
                }
            }
        }

        @Test(
            "when a client leaves during any request, the next one is served at once, and the guest runs")
        func abandoned() throws {
            var (vm, client) = try machine()
            for isEndless in [false, true] {
                if isEndless { try useEndlessTables(client) }
                for (index, (name, packets)) in Self.requests.enumerated() where index < 16 {
                    try client.send(raw: packets.flatMap(Self.packet))
                    let start = ContinuousClock.now
                    if index % 2 == 0 { client.reset() } else { client.close() }
                    client = try nextClient(vm)
                    print("left in \(name): \(ContinuousClock.now - start)")
                }
            }
            client.close()
            vm.process.signal(SIGTERM)
            #expect(vm.process.wait(limit: Self.backstop) != nil)
        }

        /// The next client may be refused while the last one's session ends.
        private func nextClient(_ vm: VMUnderTest) throws -> RSPClient {
            let deadline = ContinuousClock.now + Self.backstop.withPatience
            while true {
                do {
                    let client = try RSPClient(vm.endpoint)
                    _ = try client.ask("?", limit: Self.backstop)
                    return client
                } catch  where ContinuousClock.now < deadline {
                    usleep(1000)
                }
            }
        }

        @Test("a search takes time that depends on the range alone, whatever the pattern")
        func linearSearch() throws {
            let (vm, client) = try machine()
            defer { withExtendedLifetime(vm) {} }
            func time(_ pattern: [UInt8]) throws -> Duration {
                let start = ContinuousClock.now
                try client.send(raw: Self.packet(Array("qSearch:memory:40400000;2000000;".utf8) + pattern))
                #expect(try client.reply(limit: .seconds(60)) == "0")
                return ContinuousClock.now - start
            }
            let short = try time([0, 1])
            let long = try time(Self.pattern)
            print("searched 32 MiB for 2 bytes in \(short), for 60,000 in \(long)")
            #expect(long < short * 20 + .seconds(1))
        }
    }
}

extension String {
    fileprivate func expectOK(_ location: SourceLocation = #_sourceLocation) {
        #expect(self == "OK", sourceLocation: location)
    }
}
