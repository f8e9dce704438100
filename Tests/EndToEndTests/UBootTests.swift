import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Debian's U-Boot, unmodified and without symbols, from the first instruction to its prompt.
    @Suite struct UBoot {
        static let image = "/usr/lib/u-boot/qemu_arm64/u-boot.bin"

        private func boot(hold: Bool = true) throws -> VMUnderTest {
            guard FileManager.default.fileExists(atPath: Self.image) else {
                throw ProcessError("\(Self.image) is missing: install Debian's package u-boot-qemu")
            }
            return try VMUnderTest(.firmware(Self.image), memory: "256M", hold: hold, typing: true)
        }

        /// Ends the countdown and waits for the prompt.
        private func reachPrompt(_ vm: VMUnderTest) throws {
            try vm.waitForSerial("Hit any key to stop autoboot", limit: .seconds(30))
            try vm.process.write("\n")
            try vm.waitForSerial("\n=> ", limit: .seconds(30))
        }

        /// The words of the image from some offset on.
        private func words(_ count: Int) throws -> [UInt32] {
            let data = try Data(contentsOf: URL(fileURLWithPath: Self.image)).prefix(count * 4)
            return stride(from: 0, to: data.count, by: 4).map { offset in
                (0..<4).reduce(0) { $0 | UInt32(data[data.startIndex + offset + $1]) << (8 * $1) }
            }
        }

        @Test(
            "a session: first instruction, stepi, cpsr, both breakpoints, a watchpoint, memory, Ctrl-C, detach, prompt")
        func session() throws {
            let vm = try boot()
            let gdb = try GDBSession(remote: vm.endpoint)
            #expect(try gdb.command("printf \"%#lx\\n\", $pc") == "0\n")
            #expect(try gdb.command("printf \"%#x\\n\", *(int *)$pc") == "0x" + String(words(1)[0], radix: 16) + "\n")
            let cpsr = try gdb.command("print $cpsr")
            if VMUnderTest.isTrapline { #expect(cpsr.contains("EL=1") && cpsr.contains(" I "), "\(cpsr)") }

            // The first instruction branches over the header.
            try gdb.command("stepi")
            let second = try gdb.command("printf \"%#lx\\n\", $pc")
            #expect(second != "0\n" && second != "0x4\n")
            for _ in 0..<20 { try gdb.command("stepi") }

            // A breakpoint of each kind at the next calls, found in the code.
            let here = try gdb.command("x/60i $pc")
            let calls = here.split(separator: "\n").filter { $0.contains("\tbl\t") }
                .compactMap { $0.split(separator: ":").first?.split(separator: " ").last }
            try #require(calls.count >= 3, "\(here)")
            try gdb.command("hbreak *\(calls[1])")
            try gdb.resume("continue")
            #expect(try gdb.waitForStop().contains("breakpoint-hit"))
            try gdb.command("break *\(calls[2])")
            try gdb.resume("continue")
            #expect(try gdb.waitForStop().contains("breakpoint-hit"))
            try gdb.command("delete")

            // After the last of them a stack is made; the first link register pushed there is watched.
            var push: Substring?
            for _ in 0..<200 where push == nil {
                try gdb.command("stepi")
                let next = try gdb.command("x/i $pc")
                push = next.firstMatch(of: /stp\tx29, x30, \[sp, #-(\d+)\]!/).map(\.1)
            }
            let size = try #require(push)
            try gdb.command("awatch -location *(unsigned long *)((unsigned long)$sp - \(size) + 8)")
            try gdb.resume("continue")
            let watch = try gdb.waitForStop()
            #expect(watch.contains("reason=\"access-watchpoint-trigger\""), "\(watch)")
            let pushed = "printf \"%d\\n\", *(unsigned long *)($sp + 8) == $x30"
            #expect(try gdb.command(pushed) == "1\n", "\(gdb.transcript.suffix(2000))")
            try gdb.command("delete")

            // Unused memory, changed and read back.
            try gdb.command("set var *(unsigned long *)0x48000000 = 0x1122334455667788")
            try gdb.command("maint flush dcache")
            #expect(try gdb.command("x/2xw 0x48000000").contains("0x55667788\t0x11223344"))

            try gdb.resume("continue")
            try vm.waitForSerial("U-Boot 20", limit: .seconds(20))
            gdb.interrupt()
            #expect(try gdb.waitForStop().contains("SIGINT"))
            try gdb.command("detach")
            try reachPrompt(vm)
            try vm.process.write("md.q 48000000 1\n")
            try vm.waitForSerial("48000000: 1122334455667788")
        }

        @Test("2.32: a breakpoint in code that is copied over by the program itself is hit there")
        func relocation() throws {
            let vm = try boot(hold: false)
            try reachPrompt(vm)
            // U-Boot runs at the top of RAM now; its console code is interrupted there.
            let gdb = try GDBSession(remote: vm.endpoint)
            let pc = try gdb.command("printf \"%#lx\\n\", $pc").dropLast()
            let value = try #require(UInt64(pc.dropFirst(2), radix: 16))
            #expect(value > 0x4000_0000, "\(pc)")
            try gdb.command("break *\(pc)")
            try gdb.resume("continue")
            let stop = try gdb.waitForStop()
            #expect(stop.contains("breakpoint-hit"), "\(stop)")
            try gdb.command("delete")
            try gdb.command("stepi 20")
            try gdb.command("detach")
            try vm.process.write("version\n")
            try vm.waitForSerial("aarch64-linux-gnu-gcc")
        }

        @Test("without a debugger it reaches its prompt, and poweroff ends the machine with status 0")
        func prompt() throws {
            let vm = try boot(hold: false)
            try reachPrompt(vm)
            try vm.process.write("poweroff\n")
            #expect(vm.process.wait(limit: .seconds(10)) == .exited(0))
        }
    }
}
