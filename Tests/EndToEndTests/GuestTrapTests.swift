import TestSupport
import Testing

extension EndToEnd {
    /// BRK instructions of the guest's own, while the debugger has breakpoints of its own.
    @Suite struct GuestTraps {
        let end = "brk: breaks 60 failures 0\n"

        @Test("2.31: without a debugger the guest's BRKs go to its vector")
        func withoutDebugger() throws {
            let vm = try VMUnderTest("brk", hold: false)
            #expect(vm.process.wait(limit: .seconds(10)) == .exited(0))
            #expect(vm.serial == "brk: begin\n" + end)
        }

        @Test("2.24, 2.27: the guest's BRKs go to its vector while breakpoints are set, and never to GDB")
        func besideBreakpoints() throws {
            let vm = try VMUnderTest("brk")
            let log = try vm.gdb(
                "brk",
                """
                break turn
                hbreak *after_guest_brk
                set $n = 0
                while $n < 10
                  continue
                  printf "@pc=%#lx\\n@breaks=%lu\\n", $pc, breaks
                  set $n = $n + 1
                end
                printf "@esr=%#lx\\n@elr=%#lx\\n@spsr=%#lx\\n", last_esr, last_elr, last_spsr
                delete
                continue
                """)
            #expect(!log.contains("SIGTRAP") && log.contains("exited normally"), "\(log)")
            let guest = try GuestProgram.named("brk")
            #expect(log.values("breaks") == [0, 1, 3, 4, 6, 7, 9, 10, 12, 13], "\(log)")
            let brk = try guest.symbol("guest_brk")
            #expect(log.value("esr") == 0xf200_0123 && log.value("elr") == brk, "\(log)")
            // NZCV as the comparison before it left them: Z and C.
            #expect(log.value("spsr") == 0x6000_03c5, "\(log)")
            #expect(vm.serial.hasSuffix(end), "\(vm.serial)")
        }

        @Test("2.24: a breakpoint on the guest's own BRK stops there, and continuing delivers it to the guest")
        func breakpointOnGuestBRK() throws {
            let vm = try VMUnderTest("brk")
            let guest = try GuestProgram.named("brk")
            let brk = try guest.symbol("guest_brk")
            let point = "0,\(String(brk, radix: 16)),4"
            // GDB skips a BRK of the program's when it continues from a breakpoint there, so it is not asked.
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            for _ in 0..<3 {
                #expect(try client.ask("Z\(point)") == "OK")
                #expect(try client.ask("vCont;c").hasPrefix("T05"))
                #expect(try client.programCounter() == brk)
                #expect(try client.ask("m\(String(brk, radix: 16)),4") == "602420d4")
                #expect(try client.ask("z\(point)") == "OK")
                #expect(try client.ask("vCont;s:1;c").hasPrefix("T05"))
                #expect(try client.programCounter() == (try guest.symbol("vector_sync")))
            }
            #expect(try client.ask("vCont;c") == "W00")
            #expect(vm.serial.hasSuffix(end), "\(vm.serial)")
        }

        @Test("2.27: stepi at the guest's own BRK takes its exception: the next stop is the vector")
        func stepGuestBRK() throws {
            let vm = try VMUnderTest("brk")
            let log = try vm.gdb(
                "brk",
                """
                tbreak *guest_brk
                continue
                stepi
                printf "@pc=%#lx\\n", $pc
                \(GDB.show("cpsr", "$cpsr"))
                tbreak *leave_handler
                continue
                stepi
                printf "@pc=%#lx\\n", $pc
                continue
                """)
            let guest = try GuestProgram.named("brk")
            let (vector, after) = (try guest.symbol("vector_sync"), try guest.symbol("after_guest_brk"))
            #expect(log.values("pc") == [vector, after] && log.value("cpsr").map { $0 & 0x3cf } == 0x3c5, "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
        }

        @Test("a breakpoint in the guest's own BRK handler works, and memory there shows no BRK of the debugger's")
        func breakInHandler() throws {
            let vm = try VMUnderTest("brk")
            let log = try vm.gdb(
                "brk",
                """
                set breakpoint always-inserted on
                break handle_sync
                continue
                printf "@class=%#lx\\n", frame->esr >> 26
                printf "@imm=%#lx\\n", frame->esr & 0xffff
                compare-sections .text
                continue
                printf "@imm=%#lx\\n", frame->esr & 0xffff
                continue
                printf "@imm=%#lx\\n", frame->esr & 0xffff
                delete
                continue
                """)
            #expect(log.values("imm") == [0x123, 0, 0xf000] && log.value("class") == 0x3c, "\(log)")
            #expect(log.contains("matched.") && !log.contains("MIS-MATCHED"), "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
        }

        @Test("2.25: code under a breakpoint reads as the guest wrote it, and a write there is not lost")
        func memoryUnderBreakpoint() throws {
            let vm = try VMUnderTest("brk")
            let guest = try GuestProgram.named("brk")
            let turn = try guest.symbol("turn")
            let place = String(turn, radix: 16)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let original = try client.ask("m\(place),8")
            #expect(try client.ask("Z0,\(place),4") == "OK")
            #expect(try client.ask("m\(place),8") == original)
            // Read in halves and across its edges.
            #expect(try client.ask("m\(String(turn + 2, radix: 16)),4") == String(original.dropFirst(4).prefix(8)))
            // Written while the breakpoint is there: NOP, and back again.
            #expect(try client.ask("M\(place),4:1f2003d5") == "OK")
            #expect(try client.ask("m\(place),8") == "1f2003d5" + original.suffix(8))
            #expect(try client.ask("M\(place),4:\(original.prefix(8))") == "OK")
            let stop = try client.ask("vCont;c")
            #expect(stop.hasPrefix("T05"), "\(stop)")
            #expect(try client.programCounter() == turn)
            #expect(try client.ask("z0,\(place),4") == "OK")
            #expect(try client.ask("m\(place),8") == original)
            #expect(try client.ask("vCont;c") == "W00")
            #expect(vm.serial.hasSuffix(end))
        }

        @Test(
            "2.23: Z and z are idempotent: set twice and removed once, a breakpoint is gone",
            .traplineOnly("QEMU counts them"), arguments: 0...4)
        func idempotentStopPoints(kind: Int) throws {
            let vm = try VMUnderTest("brk")
            let guest = try GuestProgram.named("brk")
            let turn = try guest.symbol("turn")
            let place = kind < 2 ? turn : try guest.symbol("breaks")
            let point = "\(kind),\(String(place, radix: 16)),\(kind < 2 ? 4 : 8)"
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            for _ in 0..<6 { #expect(try client.ask("Z\(point)") == "OK") }
            #expect(try client.ask("z\(point)") == "OK")
            if VMUnderTest.isTrapline { #expect(try client.ask("z\(point)") == "OK", "gone already") }
            #expect(try client.ask("vCont;c") == "W00")
            #expect(vm.serial.hasSuffix(end))
        }

        // MARK: What the guest debugs itself with

        private let selfDebugged = "breakpoints 3 watchpoints 3 steps 15 others 0 far right\n"

        @Test(
            "the guest's own breakpoint, watchpoint and software steps are its own without a debugger",
            .kvmOnly(.guestDebug))
        func ownDebugAlone() throws {
            let vm = try VMUnderTest("selfdebug", hold: false)
            #expect(vm.process.wait(limit: .seconds(20)) == .exited(0))
            #expect(vm.serial.hasSuffix(selfDebugged), "\(vm.serial)")
        }

        // KVM lets no guest step itself while a debugger wants anything.
        @Test(
            "2.30: the guest's own breakpoint and watchpoint go to the guest while the debugger has BRKs",
            .kvmOnly(.guestDebug))
        func ownDebugBesideBreakpoints() throws {
            let vm = try VMUnderTest("selfdebug")
            let log = try vm.gdb(
                "selfdebug",
                """
                monitor breakpoints memory
                break marker
                continue
                printf "@breakpoints=%lu\\n@watchpoints=%lu\\n", breakpoints, watchpoints
                continue
                printf "@breakpoints=%lu\\n@watchpoints=%lu\\n", breakpoints, watchpoints
                delete
                continue
                """)
            #expect(log.values("breakpoints") == [1, 2] && log.values("watchpoints") == [1, 2], "\(log)")
            #expect(log.contains("exited normally"), "\(log)")
            #expect(vm.serial.contains("breakpoints 3 watchpoints 3 "), "\(vm.serial)")
            #expect(vm.serial.hasSuffix("others 0 far right\n"), "\(vm.serial)")
        }
    }
}
