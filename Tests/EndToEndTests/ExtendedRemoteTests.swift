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

        /// A client in extended mode that does not acknowledge packets.
        private func client(of vm: VMUnderTest) throws -> RSPClient {
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("QStartNoAckMode") == "OK")
            client.acknowledges = false
            #expect(try client.ask("!") == "OK")
            return client
        }

        @Test("packets sent in one piece have one reply each, in order, while the machine stops, is reset and runs")
        func pipelined() throws {
            let vm = try VMUnderTest("forever", hold: false)
            let client = try client(of: vm)
            let sequences: [(packets: [String], replies: [String])] = [
                (["D", "vAttach;1", "?"], ["OK", "T05", "T05"]),
                (["D", "vAttach;1", "D", "vAttach;1"], ["OK", "T05", "OK", "T05"]),
                (["D", "vRun;", "?"], ["OK", "T05", "T05"]),
                (["D", "vAttach;1", "k", "vRun;", "qC"], ["OK", "T05", "T05", "QC1"]),
                (["D", "vRun;", "k", "vRun;", "D", "vAttach;1"], ["OK", "T05", "T05", "OK", "T05"]),
                // `R` and `k` have no reply.
                (["D", "R00", "k", "R00", "D", "vAttach;1"], ["OK", "OK", "T05"]),
            ]
            for _ in 0..<20 {
                for (packets, replies) in sequences {
                    try client.send(raw: packets.flatMap(Self.frame) + Self.frame("qEcho:end"))
                    var received: [String] = []
                    while true {
                        let reply = try client.reply()
                        if reply == "qEcho:end" { break }
                        received.append(String(reply.prefix(3)))
                    }
                    #expect(received == replies, "\(packets)")
                }
            }
            #expect(try client.ask("D") == "OK")
            try vm.expectTicks()
        }

        @Test("after SYSTEM_OFF no instruction is executed, though the client has detached and is still connected")
        func powerOffWhileDetached() throws {
            let vm = try VMUnderTest("forever")
            let client = try client(of: vm)
            // PSCI SYSTEM_OFF; after it, a loop that prints X.
            let code = "0320a1d2" + "00018052" + "0080b072" + "020000d4" + "040b8052" + "64000039" + "ffffff17"
            let start = String(try client.programCounter(), radix: 16)
            #expect(try client.ask("M\(start),\(String(code.count / 2, radix: 16)):\(code)") == "OK")
            #expect(try client.ask("D") == "OK")
            #expect(vm.process.wait(limit: .seconds(10)) == .exited(0))
            #expect(vm.serial == "")
        }

        private static func frame(_ packet: String) -> [UInt8] {
            Array("$\(packet)#\(RSPClient.hex([packet.utf8.reduce(UInt8(0), &+)]))".utf8)
        }

        @Test("`monitor on-disconnect hold` holds the machine when the connection ends; otherwise it runs")
        func onDisconnect() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let first = try RSPClient(vm.endpoint)
            try first.introduce()
            #expect(try first.monitor("on-disconnect").contains("the machine continues"))
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
