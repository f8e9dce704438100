import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Habits of tools that were written against QEMU's stub: gef, pwndbg, radare2, scripts.
    @Suite struct ToolHabits {
        @Test("QEMU's packets are accepted with either first letter, and qOffsets has QEMU's reply for a machine")
        func qemuReplies() throws {
            let vm = try VMUnderTest("forever")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("Qqemu.sstepbits") == "ENABLE=1,NOIRQ=2,NOTIMER=4")
            #expect(try client.ask("qqemu.sstepbits") == "ENABLE=1,NOIRQ=2,NOTIMER=4")
            #expect(try client.ask("Qqemu.sstep").hasPrefix("0x"))
            #expect(try client.ask("qOffsets") == "")
            #expect(try client.ask("g").count > 100)
            #expect(try client.ask("qOffsets") == "")
        }

        @Test("a breakpoint is set, hit and removed by its address, whatever its kind is", arguments: [0, 1])
        func kindsOfBreakpoints(type: Int) throws {
            let vm = try VMUnderTest("forever")
            let hot = try GuestProgram.named("forever").symbol("hot")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            for kind in ["0", "1", "2", "3", "4", "8"] {
                #expect(try client.ask("Z\(type),\(String(hot, radix: 16)),\(kind)") == "OK", "\(kind)")
                #expect(try client.ask("vCont;c").hasPrefix("T05"))
                #expect(try client.programCounter() == hot, "\(kind)")
                #expect(try client.ask("z\(type),\(String(hot, radix: 16)),4") == "OK", "\(kind)")
                #expect(try client.ask("vCont;s:1").hasPrefix("T05"))
            }
            // No instruction can be at this address: the breakpoint is never hit, and does not affect the other one.
            #expect(try client.ask("Z\(type),\(String(hot + 2, radix: 16)),4") == "OK")
            #expect(try client.ask("Z\(type),\(String(hot, radix: 16)),4") == "OK")
            #expect(try client.ask("vCont;c").hasPrefix("T05"))
            #expect(try client.programCounter() == hot)
            #expect(try client.ask("z\(type),\(String(hot + 2, radix: 16)),4") == "OK")
        }

        @Test("a monitor command that does not exist does not end a script")
        func unknownCommands() throws {
            let vm = try VMUnderTest("forever")
            let log = try vm.gdb(
                "forever",
                """
                monitor nonsense
                monitor info nonsense
                printf "@goes=1\\n"
                detach
                """)
            #expect(log.succeeded && log.value("goes") == 1, "\(log)")
            #expect(log.contains("unknown command: 'nonsense'"), "\(log)")
        }

        @Test("QEMU's and OpenOCD's names reset, hold, run and end the machine", .traplineOnly("some are OpenOCD's"))
        func runCommands() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let log = try vm.gdb(
                "forever",
                """
                monitor reset run
                monitor halt
                monitor system_reset
                maintenance flush register-cache
                printf "@start=%d\\n", $pc == (unsigned long)&_start
                monitor reset init
                monitor reset halt
                monitor gpa2hva 0x40000000
                monitor gpa2hva 0x09000000
                monitor gpa2hva 0x3000000000
                monitor cont
                shell sleep 1
                monitor stop
                maintenance flush register-cache
                printf "@moved=%d\\n", $pc != (unsigned long)&_start
                monitor resume
                break hot
                continue
                printf "@hit=%d\\n", $pc - (unsigned long)&hot < 64
                printf "@goes=1\\n"
                """)
            #expect(log.value("start") == 1 && log.value("moved") == 1 && log.value("hit") == 1, "\(log)")
            #expect(log.value("goes") == 1, "\(log)")
            #expect(log.contains("Memory at address 0x9000000 is not RAM"), "\(log)")
            #expect(log.contains("No memory is mapped at address 0x3000000000"), "\(log)")
            // No answer has an address that a tool would mistake for one in this process.
            #expect(!log.text.contains(#/ is 0x[0-9a-f]+/#), "\(log)")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("qRcmd," + RSPClient.hex("quit".utf8)) == "OK")
            #expect(vm.process.wait(limit: .seconds(10)) == .exited(0))
        }

        @Test("an asterisk in a request is a byte like any other")
        func asterisks() throws {
            let vm = try VMUnderTest("forever", hold: true)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let address = try GuestProgram.named("forever").symbol("_start") & ~0xfff | 0x10_0000
            let place = String(address, radix: 16)
            #expect(try client.ask("X\(place),3:a*b") == "OK")
            #expect(try client.ask("m\(place),3") == "612a62")
        }

        @Test(
            "radare2's query for processes is answered, and tables that do not exist are empty",
            .traplineOnly("QEMU has no such tables"))
        func processes() throws {
            let vm = try VMUnderTest("forever")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let table = try client.ask("qXfer:osdata:read:processes:0,1000")
            #expect(table.hasPrefix("l<?xml") && table.contains("<column name=\"pid\">1</column>"), "\(table)")
            #expect(try client.ask("qXfer:osdata:read:nonsense:0,1000") == "l")
            #expect(try client.ask("qRcmd,6").hasPrefix("E"))
        }

        @Test("GDB computes with every register that is not a vector", .traplineOnly("other registers"))
        func arithmetic() throws {
            let vm = try VMUnderTest("forever")
            let description = try RSPClient(vm.endpoint).targetDescription()
            let names = description.matches(of: /<reg name="([A-Za-z0-9_]+)" bitsize="(?:32|64)"/).map { String($0.1) }
            #expect(names.count > 100 && names.contains("SP_EL0") && names.contains("VBAR"))
            // pc and sp are pointers for every GDB, whatever the description says.
            let rows = names.filter { $0 != "pc" && $0 != "sp" }
            let log = try vm.gdb(
                "forever",
                rows.map { "printf \"@n=%d\\n\", ($\($0) >> 63 & 1) < 2" }.joined(separator: "\n") + "\ndetach")
            #expect(log.succeeded && log.values("n").count == rows.count, "\(log)")
            for name in names where !["pc", "sp"].contains(name) {
                let row = description.firstMatch(of: try Regex("<reg name=\"\(name)\"[^>]*>")).map {
                    String($0.output[0].substring ?? "")
                }
                #expect(row?.contains("_ptr\"") == false, "\(row ?? name)")
            }
        }

        @Test("registers have QEMU's names as well", .traplineOnly("QEMU has these names only"))
        func secondNames() throws {
            let vm = try VMUnderTest("forever")
            let log = try vm.gdb(
                "forever",
                """
                set $VBAR_EL1 = 0x40123000
                printf "@vbar=%#lx\\n", $VBAR
                set $VBAR = 0x40124000
                printf "@vbar=%#lx\\n", $VBAR_EL1
                printf "@same=%d\\n", $SCTLR == $SCTLR_EL1 && $CPACR == $CPACR_EL1 && $CLIDR == $CLIDR_EL1
                detach
                """)
            #expect(log.succeeded && log.values("vbar") == [0x4012_3000, 0x4012_4000], "\(log)")
            #expect(log.value("same") == 1, "\(log)")
        }

        @Test("GDB's record works once GDB takes the guest for a program of an operating system")
        func record() throws {
            let vm = try VMUnderTest("forever")
            let help = try RSPClient(vm.endpoint)
            try help.introduce()
            if VMUnderTest.isTrapline { #expect(try help.monitor("help").contains("set osabi GNU/Linux")) }
            #expect(try help.ask("D") == "OK")
            help.close()
            let log = try GDB.batch(
                elf: GuestProgram.named("forever").path, remote: vm.endpoint,
                """
                set osabi GNU/Linux
                break hot
                continue
                record
                set $before = (unsigned long)$pc
                stepi
                stepi
                reverse-stepi
                reverse-stepi
                printf "@back=%d\\n", $pc == $before
                record stop
                detach
                """)
            #expect(log.succeeded && log.value("back") == 1, "\(log)")
        }
    }
}
