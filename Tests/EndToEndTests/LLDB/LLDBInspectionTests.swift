import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Registers, memory, expressions and images in LLDB.
    @Suite(.traplineOnly(VMUnderTest.noLLDB))
    struct LLDBInspection {
        @Test("core registers are written and read one by one, and the program continues with them")
        func coreRegisters() throws {
            let vm = try VMUnderTest("calls")
            let start = try GuestProgram.named("calls").symbol("straight")
            let values = (1...29).map { (name: "x\($0)", value: 0x1111_1111_0000_0000 + UInt64($0)) }
            let log = try vm.lldb(
                "calls",
                """
                breakpoint set --address \(start) --one-shot true
                continue
                \(values.map { "register write \($0.name) \($0.value)" }.joined(separator: "\n"))
                register write cpsr 0x600003c5
                register write x0 0x10
                thread step-inst
                register read \(values.map(\.name).joined(separator: " ")) w7 cpsr x0
                register write pc \(start + 8)
                thread step-inst
                register read x0
                process kill
                """)
            #expect(log.succeeded && values.allSatisfy { log.registers($0.name) == [$0.value] }, "\(log)")
            #expect(log.registers("w7") == [7], "\(log)")
            #expect(log.registers("cpsr") == [0x6000_03c5] && log.registers("x0") == [0x11, 0x11 ^ 0xff], "\(log)")
        }

        @Test("vector, floating-point and system registers are read and written, in every view LLDB has")
        func otherRegisters() throws {
            let vm = try VMUnderTest("calls")
            let vector =
                "{\((1...16).map { "0x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " "))}"
            let log = try vm.lldb(
                "calls",
                """
                breakpoint set --name main --one-shot true
                continue
                register write v31 "\(vector)"
                register write d5 1.5
                register write fpcr 0x00400000
                register write TPIDR_EL1 0x1122334455667788
                register write ELR_EL1 0x40000000
                thread step-inst
                register read v31 d31 d5 v5 s5 fpcr
                register read TPIDR_EL1 ELR_EL1 VBAR_EL1 SCTLR_EL1
                register read --all
                detach
                """)
            #expect(log.succeeded && log.contains("v31 = \(vector)\n"), "\(log)")
            #expect(log.contains("d5 = 1.5\n") && log.contains("0xf8 0x3f 0x00 0x00"), "\(log)")
            #expect(log.registers("fpcr").first == 0x40_0000, "\(log)")
            #expect(log.registers("TPIDR_EL1").first == 0x1122_3344_5566_7788, "\(log)")
            #expect(log.registers("ELR_EL1").first == 0x4000_0000, "\(log)")
            #expect(log.registers("VBAR_EL1").first == (try GuestProgram.named("calls").symbol("vectors")), "\(log)")
            #expect(log.registers("SCTLR_EL1").first.map { $0 & 1 } == 0, "the MMU is off: \(log)")
            // All of them have a place in `register read --all`, in their groups.
            for group in ["general:", "system:", "supplementary registers:"] { #expect(log.contains(group), "\(log)") }
            #expect(log.registers("MIDR_EL1").count == 1 && !log.contains("error: unavailable"), "\(log)")
        }

        @Test("memory is written from a file and read back in large pieces, found, and shown")
        func memory() throws {
            let vm = try VMUnderTest("calls")
            let bytes = VMUnderTest.everyByteAndNoise
            let source = try vm.folder.write(bytes, to: "in.bin")
            let copy = vm.folder.file("out.bin")
            let log = try vm.lldb(
                "calls",
                """
                breakpoint set --name main --one-shot true
                continue
                memory write --infile "\(source)" `(unsigned long)&buffer[3]`
                memory read --force --binary --count 60000 --outfile "\(copy)" `(unsigned long)&buffer[3]`
                memory write --size 2 `(unsigned long)&buffer[65534]` 0x1234
                memory read --size 1 --format x --count 2 `(unsigned long)&buffer[65534]`
                memory find --expression "(unsigned int)0x03020100" -- `(unsigned long)buffer` `(unsigned long)buffer+65536`
                memory find --string "calls: begin" -- 0x40000000 0x40200000
                memory find --string "not in it" -- 0x40000000 0x40200000
                detach
                """)
            #expect(log.succeeded && FileManager.default.contents(atPath: copy) == Data(bytes), "\(log)")
            let buffer = try GuestProgram.named("calls").symbol("buffer")
            #expect(log.contains("0x\(String(buffer + 65534, radix: 16)): 0x34 0x12\n"), "\(log)")
            #expect(log.contains("data found at location: 0x\(String(buffer + 3, radix: 16))\n"), "\(log)")
            #expect(log.count("data found at location") == 2 && log.contains("63 61 6c 6c 73 3a 20 62"), "\(log)")
            #expect(log.contains("data not found within the range"), "\(log)")
            try vm.waitForSerial("calls 100\n")
        }

        @Test("unmapped addresses and devices are errors, the MMU off and on, and what can be read of a range is shown")
        func unmapped() throws {
            let vm = try VMUnderTest("mmu")
            let places = ["0x7000000000", "0xffff800008000000", "0x9000000"]
            let tries = places.map { "memory read \($0)\nmemory write \($0) 1" }.joined(separator: "\n")
            let log = try vm.lldb(
                "mmu", stopsAtError: false,
                """
                \(tries)
                memory read 0x47fffff0 0x48000010
                breakpoint set --name after_mmu --one-shot true
                continue
                \(tries)
                continue
                """)
            for place in places {
                #expect(log.count("error: memory read failed for \(place)\n") == 2, "\(log)")
                #expect(log.count("error: Memory write to \(place) failed") == 2, "\(log)")
            }
            #expect(log.contains("warning: Not all bytes (16/32) were able to be read from 0x47fffff0"), "\(log)")
            #expect(log.contains("exited with status = 0"), "\(log)")
        }

        @Test(
            "expressions read and write variables, registers and memory, and a call of the guest's is refused in words")
        func expressions() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.lldb(
                "calls", stopsAtError: false,
                """
                breakpoint set --name add --one-shot true
                continue
                expression calls = 1000
                expression calls + b * 2 + 7
                expression buffer[5] = 0x41
                expression *(unsigned char *)(buffer + 5)
                expression $x19 = 0x1234
                register read x19
                expression (long)$x19 + 1
                expression add(40, 2)
                frame variable a b
                image list
                image lookup --address $pc
                continue
                """)
            #expect(log.results.prefix(2) == ["1000", "1007"] && log.results.last == "4661", "\(log)")
            #expect(log.count("= 'A'") == 2 && log.registers("x19") == [0x1234], "\(log)")
            #expect(log.contains("error: Can't evaluate the expression without a running target"), "\(log)")
            #expect(log.contains("(int) a = 0\n(int) b = 0\n"), "\(log)")
            #expect(
                log.contains("0x0000000040100000 /") && log.contains("Summary: ") && log.contains("`add + 12"), "\(log)"
            )
            #expect(log.contains("exited with status = 0") && vm.serial.contains("calls 1100\n"), "\(vm.serial)")
        }
    }
}
