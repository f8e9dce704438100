import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// LLDB on Debian's U-Boot, without symbols, from the first instruction.
    @Suite(.traplineOnly(VMUnderTest.noLLDB))
    struct LLDBUBoot {
        @Test("first instruction, steps, both breakpoints at calls found in its code, detach, prompt")
        func session() throws {
            guard FileManager.default.fileExists(atPath: UBoot.image) else {
                throw ProcessError("\(UBoot.image) is missing: install Debian's package u-boot-qemu")
            }
            let vm = try VMUnderTest(.firmware(UBoot.image), memory: "256M", typing: true)
            let lldb = try LLDBSession(remote: vm.endpoint)
            #expect(lldb.transcript.contains("frame #0: 0x0000000000000000"), "\(lldb.transcript)")
            #expect(try lldb.command("thread step-inst", until: "frame #0").contains("instruction step into"))
            for _ in 0..<20 { try lldb.command("thread step-inst", until: "frame #0") }

            let start = lldb.transcript.utf8.count
            try lldb.type("disassemble --pc --count 60")
            try lldb.command("version", until: "lldb version")
            let code = String(decoding: lldb.transcript.utf8.dropFirst(start), as: UTF8.self)
            let calls = code.matches(of: #/(0x[0-9a-f]+)(?: <\+\d+>)?: bl /#).map { String($0.1) }
            try #require(calls.count >= 3, "\(code)")
            try lldb.command("breakpoint set --hardware --address \(calls[1])", until: "Breakpoint 1")
            try lldb.command("breakpoint set --address \(calls[2])", until: "Breakpoint 2")
            for (number, call) in [(1, calls[1]), (2, calls[2])] {
                let stop = try lldb.command("continue", until: "frame #0")
                #expect(stop.contains("stop reason = breakpoint \(number).1"), "\(stop)")
                let place = try #require(stop.firstMatch(of: /frame #0: 0x0*([0-9a-f]+)/))
                #expect("0x" + place.1 == call, "\(stop)")
            }
            try lldb.command("breakpoint delete", until: "removed")
            try lldb.command("detach", until: "detached")
            try vm.waitForSerial("Hit any key to stop autoboot", limit: .seconds(30))
            try vm.process.write("\n")
            try vm.waitForSerial("\n=> ", limit: .seconds(30))
            try lldb.quit()
        }
    }
}
