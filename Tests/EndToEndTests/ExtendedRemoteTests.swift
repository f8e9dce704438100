import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// `target extended-remote`: the connection outlives the process.
    @Suite(.enabled(if: VMUnderTest.isTrapline, "QEMU neither kills nor runs a machine for a client that stays"))
    struct ExtendedRemote {
        private func gdb(_ vm: VMUnderTest, _ script: String) throws -> GDBLog {
            try GDB.batch(
                elf: GuestProgram.named("forever").path, "target extended-remote \(vm.endpoint)\n" + script)
        }

        @Test("detach lets the guest run, attach stops it, and breakpoints work again")
        func detachAndAttach() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let log = try gdb(
                vm,
                """
                break hot
                detach
                info threads
                attach 1
                info threads
                continue
                info symbol $pc
                detach
                """)
            #expect(log.succeeded && log.contains("No threads."), "\(log)")
            #expect(log.contains("CPU 0 (EL1)") && log.contains("hot"), "\(log)")
            let ticks = vm.serial.components(separatedBy: "tick ").count
            try vm.waitForSerial("two more ticks") { $0.components(separatedBy: "tick ").count >= ticks + 2 }
            // GDB has closed the connection: the next client is served as usual.
            #expect(try RSPClient(vm.endpoint).ask("?").hasPrefix("T05"))
        }

        @Test("start, run and kill restart the machine again and again")
        func startRunKill() throws {
            let vm = try VMUnderTest("forever", hold: false)
            let log = try gdb(
                vm,
                """
                start
                printf "@main=%d\\n", $pc - (unsigned long)&main < 64
                kill
                info threads
                break hot
                run
                printf "@first=%d\\n", $pc - (unsigned long)&hot < 64
                run
                printf "@second=%d\\n", $pc - (unsigned long)&hot < 64
                kill
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.value("main") == 1 && log.value("first") == 1 && log.value("second") == 1, "\(log)")
            // A client that leaves after a kill ends the machine.
            #expect(vm.process.wait(limit: .seconds(10)) == .exited(0))
        }

        @Test("a process that does not exist is neither detached from nor killed, and process 1 stays")
        func otherProcesses() throws {
            let vm = try VMUnderTest("forever")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            for packet in ["D;2", "vKill;2", "vAttach;2"] {
                #expect(try client.ask(packet).hasPrefix("E"), "\(packet)")
                #expect(try client.ask("?").hasPrefix("T05"), "\(packet)")
            }
            #expect(try client.ask("D;1") == "OK")
        }

        @Test("`monitor on-disconnect hold` holds the machine when the connection ends; otherwise it runs")
        func onDisconnect() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let first = try RSPClient(vm.endpoint)
            try first.introduce()
            #expect(try first.monitor("on-disconnect").contains("runs on"))
            #expect(try first.monitor("on-disconnect hold").contains("is held"))
            first.close()
            usleep(100_000)
            let ticks = vm.serial.components(separatedBy: "tick ").count
            usleep(500_000)
            #expect(vm.serial.components(separatedBy: "tick ").count == ticks)
            let second = try RSPClient(vm.endpoint)
            try second.introduce()
            second.close()
            try vm.waitForSerial("two more ticks") { $0.components(separatedBy: "tick ").count >= ticks + 2 }
        }
    }
}
