import Foundation
import TestSupport
import Testing

extension EndToEndX86 {
    /// Breakpoints and watchpoints, and the guest's own.
    @Suite struct StopPoints {
        @Test(
            "software breakpoints, in registers and as INT3s in memory, stop with pc on the instruction, each time",
            arguments: ["auto", "memory"])
        func softwareBreakpoints(placement: String) throws {
            let vm = try VMUnderTest(pc: "forever")
            let log = try vm.gdb(
                pc: "forever",
                """
                monitor breakpoints \(placement)
                break *hot
                break *touch
                printf "@hot=%#x\\n", *(unsigned char *)hot
                set $n = 0
                while $n < 20
                  continue
                  printf "@pc=%#lx\\n@code=%#x\\n", $pc, *(unsigned char *)$pc
                  set $n = $n + 1
                end
                detach
                """)
            #expect(log.succeeded, "\(log)")
            let guest = try GuestProgram.named("forever", .x86_64)
            let (hot, touch) = (try guest.symbol("hot"), try guest.symbol("touch"))
            #expect(log.values("pc") == (0..<20).map { $0 % 2 == 0 ? hot : touch }, "\(log)")
            // PUSH RBP: the debugger sees none of its own.
            #expect(Set(log.values("code") + log.values("hot")) == [0x55], "\(log)")
            try vm.expectBeats()
        }

        @Test("more breakpoints than registers, and hardware breakpoints beside them, are all hit")
        func many() throws {
            let vm = try VMUnderTest(pc: "forever")
            let guest = try GuestProgram.named("forever", .x86_64)
            let log = try vm.gdb(
                pc: "forever",
                """
                hbreak *hot
                break *hot+4
                break *hot+5
                hbreak *touch
                break *touch+4
                break *breakpoint_entry
                break on_breakpoint
                set $n = 0
                while $n < 14
                  continue
                  printf "@pc=%#lx\\n", $pc
                  set $n = $n + 1
                end
                detach
                """)
            #expect(log.succeeded, "\(log)")
            let pcs = log.values("pc")
            #expect(pcs.count == 14 && Array(pcs[..<7]) == Array(pcs[7...]) && Set(pcs).count == 7, "\(log)")
            #expect(pcs.first == (try guest.symbol("hot")), "\(log)")
            try vm.expectBeats()
        }

        @Test("a fifth hardware breakpoint is refused with a reason, and the four are still hit")
        func tooManyHardwareBreakpoints() throws {
            let vm = try VMUnderTest(pc: "forever")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let guest = try GuestProgram.named("forever", .x86_64)
            let (hot, touch) = (try guest.symbol("hot"), try guest.symbol("touch"))
            for address in [hot, hot + 4, touch, touch + 4] {
                #expect(try client.ask("Z1,\(String(address, radix: 16)),1") == "OK")
            }
            #expect(try client.ask("Z1,\(String(hot + 8, radix: 16)),1").hasPrefix("E"))
            for address in [hot, hot + 4, touch, touch + 4] {
                let stop = try client.ask("vCont;c")
                #expect(stop.hasPrefix("T05") && stop.contains("hwbreak"), "\(stop)")
                #expect(try client.instructionPointer() == address)
            }
            #expect(try client.ask("D") == "OK")
            try vm.expectBeats()
        }

        @Test("watchpoints stop after the access, with old and new value; reads and writes, 1 to 16 bytes")
        func watchpoints() throws {
            let vm = try VMUnderTest(pc: "forever")
            let log = try vm.gdb(
                pc: "forever",
                """
                tbreak touch
                continue
                watch watched.high
                set $n = 0
                while $n < 3
                  continue
                  printf "@high=%lu\\n@beats=%lu\\n", watched.high, beats
                  set $n = $n + 1
                end
                delete
                rwatch beats
                continue
                delete
                awatch own_breakpoints
                continue
                continue
                delete
                watch *(char (*)[16])&watched
                continue
                detach
                """)
            #expect(log.succeeded, "\(log)")
            let (values, beats) = (log.values("high"), log.values("beats"))
            #expect(values.count == 3 && values == beats, "\(log)")
            #expect(log.count("Hardware watchpoint") >= 4 && log.contains("Hardware read watchpoint"), "\(log)")
            #expect(log.contains("Hardware access (read/write) watchpoint"), "\(log)")
            #expect(log.contains("Old value") && log.contains("New value"), "\(log)")
            try vm.expectBeats()
            #expect(!vm.serial.contains("unexpected"), "\(vm.serial)")
        }

        @Test("the guest's own INT3 goes to the guest, beside the debugger's breakpoints, and is caught on request")
        func ownBreakpoints() throws {
            let vm = try VMUnderTest(pc: "forever")
            let log = try vm.gdb(
                pc: "forever",
                """
                monitor breakpoints memory
                tbreak touch
                continue
                set $before = own_breakpoints
                break hot
                continue
                continue
                printf "@taken=%lu\\n", own_breakpoints - $before
                delete
                monitor catch int3
                continue
                printf "@caught=%#lx\\n@code=%#x\\n", $pc, *(unsigned char *)$pc
                set $before = own_breakpoints
                continue
                printf "@caught=%#lx\\n@taken=%lu\\n", $pc, own_breakpoints - $before
                monitor catch none
                detach
                """)
            #expect(log.succeeded, "\(log)")
            let taken = log.values("taken")
            #expect(taken == [2, 1], "\(log)")
            let caught = log.values("caught")
            #expect(caught.count == 2 && caught[0] == caught[1] && log.value("code") == 0xcc, "\(log)")
            try vm.expectBeats()
            #expect(!vm.serial.contains("unexpected"), "\(vm.serial)")
        }

        @Test("the guest's own single steps and data breakpoints go to the guest, with and without a debugger")
        func ownDebugExceptions() throws {
            let expected = "traps 5 steps, 1 watch\n"
            let alone = try VMUnderTest(pc: "traps", hold: false)
            #expect(alone.process.wait(limit: .seconds(20)) == .exited(0))
            #expect(alone.serial.contains(expected), "\(alone.serial)")
            let vm = try VMUnderTest(pc: "traps")
            let log = try vm.gdb(
                pc: "traps",
                """
                monitor breakpoints memory
                break stepped
                continue
                continue
                continue
                """)
            #expect(log.contains("exited normally"), "\(log)")
            #expect(vm.serial.contains(expected), "\(vm.serial)")
        }
    }
}
