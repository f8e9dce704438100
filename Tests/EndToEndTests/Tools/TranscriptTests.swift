import Foundation
import TestSupport
import Testing

extension EndToEnd.Tools {
    /// Packets of tools that are in no package, and common scripts.
    @Suite(.traplineOnly("the replies of QEMU 7.2 are where the patterns come from"))
    struct Transcripts {
        /// One packet or monitor command, and what the tool expects.
        struct Exchange {
            var line: Int
            var request: String
            var pattern: String
        }

        @Test(
            "the packets by which a tool recognizes a system target get the replies it looks for",
            arguments: ["gef-bata24", "gef-hugsy", "pwndbg", "radare2-5.7.4", "unusual-kinds"])
        func replay(tool: String) throws {
            let vm = try VMUnderTest("stops")
            let row = String(try GuestProgram.named("stops").symbol("row"), radix: 16)
            let client = try RSPClient(vm.endpoint)
            // GDB's packets before a script of the tool runs.
            _ = try client.targetDescription()
            #expect(try client.ask("Z0,\(row),4") == "OK")
            #expect(try client.ask("vCont;c").hasPrefix("T05"))
            #expect(try client.ask("z0,\(row),4") == "OK")
            for exchange in try exchanges(of: tool) {
                let isCommand = exchange.request.hasPrefix("monitor")
                let request = filledIn(exchange.request, row: (isCommand ? "0x" : "") + row, isCommand: isCommand)
                let pattern = filledIn(exchange.pattern, row: "0x" + row, isCommand: true)
                let reply = try isCommand ? printed(by: request, client) : client.ask(request)
                let matches = try reply.contains(Regex(pattern))
                #expect(matches, "\(tool), line \(exchange.line): \(request): \(reply)")
            }
        }

        private func exchanges(of tool: String) throws -> [Exchange] {
            let path = Repository.path("Tests/Tools/transcripts/\(tool).txt")
            var exchanges: [Exchange] = []
            for (index, line) in try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
                .enumerated()
            {
                let text = String(line.dropFirst().drop { $0 == " " })
                if line.hasPrefix(">") { exchanges.append(Exchange(line: index + 1, request: text, pattern: "")) }
                if line.hasPrefix("<"), let last = exchanges.indices.last { exchanges[last].pattern = text }
            }
            try #require(!exchanges.isEmpty, "\(path) has no packets")
            return exchanges
        }

        private func filledIn(_ text: String, row: String, isCommand: Bool) -> String {
            text.replacingOccurrences(of: "{row}", with: row)
                .replacingOccurrences(of: "{ram}", with: (isCommand ? "0x" : "") + "40200000")
        }

        /// The output of a monitor command.
        ///
        /// A protocol error, which would end a GDB script, is a failure.
        private func printed(by command: String, _ client: RSPClient) throws -> String {
            let line = command.dropFirst("monitor".count).drop { $0 == " " }
            var text: [UInt8] = []
            var reply = try client.ask("qRcmd," + RSPClient.hex(Array(line.utf8)))
            while reply.hasPrefix("O") && reply != "OK" {
                text += RSPClient.bytes(hex: String(reply.dropFirst()))
                reply = try client.reply()
            }
            #expect(reply == "OK", "\(command): \(reply)")
            return String(decoding: text, as: UTF8.self)
        }

        @Test(
            "a script continues after monitor commands of QEMU and OpenOCD, known or not, and reset restarts the guest"
        )
        func monitorScript() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let log = try vm.gdb(
                "forever",
                """
                monitor halt
                monitor no such command
                echo @one=1\\n
                monitor stop
                monitor gpa2hva 0x40000000
                monitor info mem
                monitor reset halt
                echo @two=1\\n
                maintenance flush register-cache
                printf "@pc=%#lx\\n", $pc
                monitor system_reset
                tbreak hot
                continue
                printf "@hot=%d\\n", $pc == hot
                monitor cont
                echo @three=1\\n
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(["one", "two", "three", "hot"].allSatisfy { log.value($0) == 1 }, "\(log)")
            try vm.expectTicks()
        }

        @Test("system registers have QEMU's names too, and are integers to a script")
        func registerNames() throws {
            let vm = try VMUnderTest("stops")
            let log = try vm.gdb(
                "stops",
                """
                tbreak row
                continue
                printf "@same=%d\\n", $VBAR == $VBAR_EL1
                printf "@same=%d\\n", $SCTLR == $SCTLR_EL1
                printf "@vbar=%d\\n", $VBAR == (unsigned long)&vectors
                printf "@bit=%lu\\n", $SP_EL0 >> 63
                printf "@enabled=%lu\\n", $SCTLR_EL1 & 1
                printf "@base=%d\\n", ($TTBR0_EL1 & ~0xfff) != 0
                detach
                """)
            #expect(log.succeeded && log.values("same") == [1, 1] && log.value("vbar") == 1, "\(log)")
            #expect(log.value("bit") == 0 && log.value("enabled") == 1 && log.value("base") == 1, "\(log)")
        }
    }
}
