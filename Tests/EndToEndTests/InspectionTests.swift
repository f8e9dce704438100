import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Registers and memory, read and written.
    @Suite struct Inspection {
        @Test(
            "2.7: cpsr is readable, and GDB needs no ELF and no `set architecture`",
            .traplineOnly("QEMU serves cpsr as a plain number"))
        func readableCPSR() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                """
                show architecture
                print $cpsr
                stepi
                info registers cpsr sp pc
                detach
                """)
            #expect(log.succeeded && log.contains("aarch64"), "\(log)")
            // Entered at EL1h with all interrupts masked.
            #expect(log.contains("$1 = [ ") && log.contains("EL=1") && log.contains("SP"), "\(log)")
            for flag in [" D", " A", " I", " F"] { #expect(log.contains(flag), "\(log)") }
        }

        @Test(
            "an ELF is entered at EL1 with everything masked and the MMU off, x0 at the device tree",
            .traplineOnly("QEMU gives an ELF no device tree in x0"))
        func entryState() throws {
            let vm = try VMUnderTest("calls", cpus: 2)
            let log = try vm.gdb(
                "calls",
                """
                printf "@pc=%#lx\\n@x0=%#lx\\n@magic=%#x\\n", $pc, $x0, *(unsigned *)$x0
                printf "@others=%#lx\\n", $x1 | $x2 | $x3
                \(GDB.show("cpsr", "$cpsr"))
                \(GDB.show("sctlr", "$SCTLR_EL1"))
                detach
                """)
            #expect(log.value("pc") == (try GuestProgram.named("calls").symbol("_start")), "\(log)")
            // The magic number of a flattened device tree is big-endian 0xd00dfeed.
            #expect(log.value("magic") == 0xedfe_0dd0 && log.value("others") == 0, "\(log)")
            #expect(log.value("cpsr").map { $0 & 0x3df } == 0x3c5, "\(log)")
            // M, C and I are off.
            #expect(log.value("sctlr").map { $0 & 0x1005 } == 0, "\(log)")
        }

        @Test("2.8: all core registers are read and written one by one, and the program sees them")
        func coreRegisters() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                tbreak *straight
                continue
                set $saved_sp = $sp
                set $saved_lr = $x30
                set $i = 0
                \((0...30).map { "set $x\($0) = 0x1111111100000000 + \($0)" }.joined(separator: "\n"))
                set $sp = 0x40001230
                maint flush register-cache
                \((0...30).map { "printf \"@x=%#lx\\n\", $x\($0)" }.joined(separator: "\n"))
                printf "@sp=%#lx\\n", $sp
                set $cpsr = 0x600003c5
                maint flush register-cache
                \(GDB.show("cpsr", "$cpsr"))
                set $sp = $saved_sp
                set $x30 = $saved_lr
                set $x0 = 0x10
                stepi
                printf "@x0=%#lx\\n", $x0
                set $pc = $pc + 4
                stepi
                printf "@x0=%#lx\\n", $x0
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.values("x") == (0...30).map { 0x1111_1111_0000_0000 + $0 }, "\(log)")
            #expect(log.value("sp") == 0x4000_1230 && log.value("cpsr") == 0x6000_03c5, "\(log)")
            #expect(log.values("x0") == [0x11, 0x11 ^ 0xff], "\(log)")
        }

        @Test("2.6: floating-point registers and system registers are there for GDB")
        func otherRegisters() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                tbreak main
                continue
                printf "@q=%#lx\\n", (unsigned long)$v31.d.u[1]
                set $v31.d.u[1] = 0x123456789abcdef0
                set $v31.d.u[0] = 42
                maint flush register-cache
                printf "@q=%#lx\\n@d=%#lx\\n", (unsigned long)$v31.d.u[1], (unsigned long)$v31.d.u[0]
                info registers fpcr fpsr
                set $x7 = 0x1122334455667788
                printf "@w=%#x\\n", $w7
                \(GDB.show("sctlr", systemRegister("SCTLR_EL1")))
                printf "@vbar=%#lx\\n", (unsigned long)\(systemRegister("VBAR_EL1"))
                printf "@ttbr=%#lx\\n", (unsigned long)\(systemRegister("TTBR0_EL1"))
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.values("q").last == 0x1234_5678_9abc_def0 && log.value("d") == 42, "\(log)")
            #expect(log.value("w") == 0x5566_7788, "the W views are GDB's own: \(log)")
            #expect(log.value("sctlr").map { $0 & 1 } == 0, "the MMU is off: \(log)")
            #expect(log.value("vbar") == (try GuestProgram.named("calls").symbol("vectors")), "\(log)")
        }

        /// The name of a system register: QEMU calls EL1's vector base `VBAR` and its control register `SCTLR`.
        private func systemRegister(_ name: String) -> String {
            let qemu = ["VBAR_EL1": "VBAR", "SCTLR_EL1": "SCTLR"]
            return "$" + (VMUnderTest.isTrapline ? name : qemu[name] ?? name)
        }

        @Test("2.6: system registers are written through GDB", .traplineOnly("QEMU answers OK and drops the write"))
        func systemRegisterWrite() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                tbreak main
                continue
                set $TPIDR_EL1 = 0x1122334455667788
                set $ELR_EL1 = 0x40000000
                maint flush register-cache
                printf "@tpidr=%#lx\\n@elr=%#lx\\n", (unsigned long)$TPIDR_EL1, (unsigned long)$ELR_EL1
                print $SCTLR_EL1
                set $ESR_EL1 = (long) 0x96000045
                maint flush register-cache
                print $ESR_EL1
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.contains("$2 = [ ISS=69 IL EC=DABT_SAME"), "\(log)")
            #expect(log.value("tpidr") == 0x1122_3344_5566_7788 && log.value("elr") == 0x4000_0000, "\(log)")
            #expect(log.contains("$1 = [") || log.contains("$1 = {"), "SCTLR_EL1 has typed fields: \(log)")
            try vm.waitForSerial("calls 100\n")
        }

        @Test("memory is written and read back in large pieces, with every byte value in it")
        func memoryRoundTrip() throws {
            let vm = try VMUnderTest("calls")
            let bytes = VMUnderTest.everyByteAndNoise
            let source = try vm.folder.write(bytes, to: "in.bin")
            let copy = vm.folder.file("out.bin")
            let log = try vm.gdb(
                "calls",
                """
                tbreak main
                continue
                restore \(source) binary &buffer[3]
                dump binary memory \(copy) &buffer[3] &buffer[60003]
                set var buffer[1] = 0xa5
                set var {unsigned short}&buffer[65534] = 0x1234
                printf "@byte=%#x\\n@byte=%#x\\n", buffer[1], buffer[65535]
                compare-sections .text
                find &buffer[3], +60000, (char)0, (char)1, (char)2, (char)3
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(FileManager.default.contents(atPath: copy) == Data(bytes))
            #expect(log.values("byte") == [0xa5, 0x12] && log.contains("<buffer+3>"), "\(log)")
            #expect(log.contains("matched.") && !log.contains("MIS-MATCHED"), "\(log)")
        }

        @Test("2.35, 2.37: with the MMU off RAM and flash are read at their own addresses, and nothing is guessed")
        func memoryWithoutMMU() throws {
            let vm = try VMUnderTest("calls")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let start = try GuestProgram.named("calls").symbol("_start")
            let code = try client.ask("m\(String(start, radix: 16)),4")
            #expect(code.count == 8 && !code.hasPrefix("E"), "the code at the first instruction: \(code)")
            #expect(try client.ask("m40000000,10").count == 32)
            for nowhere in ["7fffffff00000000", "ffff800008000000", "ffff000040100000", "48000000"] {
                #expect(try client.ask("m\(nowhere),4").hasPrefix("E"), "\(nowhere)")
                if VMUnderTest.isTrapline {
                    #expect(try client.ask("M\(nowhere),4:01020304").hasPrefix("E"), "\(nowhere)")
                }
            }
        }

        @Test("2.38: device memory is not read for a client that only looks", .traplineOnly("QEMU reads devices"))
        func deviceMemory() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb("x/4xw 0x09000000")
            #expect(log.contains("Cannot access memory at address 0x9000000"), "\(log)")
        }
    }
}
