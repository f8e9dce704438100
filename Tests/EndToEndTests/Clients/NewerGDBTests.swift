import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The GDB of Debian's next release, which has packets that the host's has not.
    @Suite(.traplineOnly("QEMU's stub has none of these packets"))
    struct NewerGDB {
        private func gdb(
            _ vm: VMUnderTest, _ guest: String, attached: Bool = true, _ script: String
        ) throws -> GDBLog {
            try GDB.batch(
                program: DebianProgram.path("gdb", of: "trixie"), elf: GuestProgram.named(guest).path,
                remote: attached ? vm.endpoint : nil, script)
        }

        /// GDB's complaints about a stub.
        private static let complaints = [
            "warning", "unknown", "unrecognized", "ignoring", "unexpected", "malformed", "not supported", "bogus",
        ]

        private func complaints(in log: GDBLog) -> [Substring] {
            log.text.split(separator: "\n").filter { line in
                Self.complaints.contains { line.lowercased().contains($0) }
            }
        }

        @Test("it is newer than the host's, and has taken x and error-message into use after it attached")
        func features() throws {
            let vm = try VMUnderTest("calls")
            let log = try gdb(
                vm, "calls",
                """
                python print("@major=%d" % int(gdb.VERSION.split('.')[0]))
                show remote binary-upload-packet
                show remote error-message-packet
                disconnect
                """)
            #expect(log.succeeded && (log.value("major") ?? 0) >= 16, "\(log)")
            #expect(log.contains("Support for the 'x' packet") && log.count("currently enabled") == 2, "\(log)")
            #expect(complaints(in: log).isEmpty, "\(log)")
        }

        @Test("break, continue, stepi, next, finish, until, watch and the stack do what they do with the host's")
        func debugging() throws {
            let vm = try VMUnderTest("calls")
            let guest = try GuestProgram.named("calls")
            let log = try gdb(
                vm, "calls",
                """
                break add
                continue
                printf "@a=%d\\n@b=%d\\n", a, b
                bt
                printf "@pc=%#lx\\n", $pc
                stepi
                printf "@pc=%#lx\\n", $pc
                finish
                printf "@sum=%d\\n", sum
                delete
                break \(guest.line("main-fib"))
                continue
                next
                printf "@number=%d\\n", number
                watch calls
                tbreak *straight
                continue
                delete
                stepi 10
                printf "@x0=%#lx\\n@end=%#lx\\n", $x0, (unsigned long)&straight_end
                printf "@pc=%#lx\\n", $pc
                info threads
                info registers pc cpsr
                x/4i $pc
                detach
                """)
            #expect(log.succeeded && log.value("a") == 0 && log.value("b") == 0, "\(log)")
            #expect(log.contains("#1 ") && log.contains(" in loop (") && log.contains(" in main ("), "\(log)")
            let pcs = log.values("pc")
            try #require(pcs.count == 3, "\(log)")
            #expect(pcs[1] == pcs[0] + 4 && pcs[2] == log.value("end"), "\(log)")
            #expect(log.contains("Value returned is") && log.value("number") == 55, "\(log)")
            #expect(log.contains("CPU 0 (EL1)"), "\(log)")
            #expect(complaints(in: log).isEmpty, "\(log)")
        }

        @Test("every packet it sends is answered, and memory is read with x alone")
        func packets() throws {
            let vm = try VMUnderTest("calls")
            let log = try gdb(
                vm, "calls", attached: false,
                """
                set debug remote 1
                target remote \(vm.endpoint)
                hbreak add
                continue
                stepi
                bt
                x/64xw &buffer
                set var calls = 7
                info threads
                detach
                """)
            #expect(log.succeeded, "\(log)")
            let exchanges = log.exchanges
            #expect(exchanges.count > 20, "\(log)")
            let unanswered = exchanges.filter { $0.reply?.isEmpty ?? true }.map(\.packet)
            #expect(unanswered == ["vMustReplyEmpty", "qOffsets"], "\(log)")
            #expect(exchanges.contains { $0.packet.hasPrefix("x") && $0.reply?.hasPrefix("b") ?? false }, "\(log)")
            #expect(!exchanges.contains { $0.packet.hasPrefix("m") }, "\(log)")
            #expect(exchanges.first?.packet.contains("error-message+") ?? false, "\(log)")
            #expect(exchanges.first?.reply?.contains("binary-upload+") ?? false, "\(log)")
        }

        @Test("what x reads is what lies there, escapes and runs included")
        func binary() throws {
            let vm = try VMUnderTest("calls")
            let log = try gdb(
                vm, "calls",
                """
                python
                import random
                random.seed(16)
                address = int(gdb.parse_and_eval('(unsigned long)&buffer'))
                inferior = gdb.selected_inferior()
                pieces = [bytes([value] * length) for value in b'#$}*+-b\\0' for length in (1, 2, 3, 4, 5, 98, 99, 200)]
                pieces += [random.randbytes(30000)]
                data = b''.join(pieces)
                inferior.write_memory(address, data)
                gdb.execute('maintenance flush dcache')
                read = bytes(inferior.read_memory(address, len(data)))
                print('@same=%d' % (read == data))
                print('@size=%d' % len(read))
                end
                detach
                """)
            #expect(log.succeeded && log.value("same") == 1 && log.value("size") == 30000 + 8 * 412, "\(log)")
            #expect(complaints(in: log).isEmpty, "\(log)")
        }

        @Test("errors come in words where GDB shows them, those of memory as numbers, for which it has words itself")
        func errors() throws {
            let vm = try VMUnderTest("forever")
            let monitor = try gdb(vm, "forever", "monitor nonsense")
            #expect(monitor.succeeded, "\(monitor)")
            #expect(monitor.contains("unknown command: 'nonsense'"), "\(monitor)")
            let memory = try gdb(vm, "forever", "set debug remote 1\nx/1xw 0x9000000")
            #expect(!memory.succeeded && memory.contains("Cannot access memory at address 0x9000000"), "\(memory)")
            let reply = memory.exchanges.last { $0.packet.hasPrefix("x9000000,") }?.reply
            #expect(reply?.wholeMatch(of: /E[0-9a-f]{2}/) != nil, "\(memory)")
            let register = try gdb(vm, "forever", "set $MIDR_EL1 = 5")
            #expect(!register.succeeded && register.contains("the system register is read-only"), "\(register)")
        }
    }
}
