import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Conditions and commands of breakpoints, evaluated where they are hit.
    @Suite struct Conditions {
        /// The time limit of 200,000 false conditions, in seconds: a fiftieth of the time with GDB asked about each,
        /// and ten times the time on a quiet host.
        private static let limit = 4.6

        @Test(
            "GDB leaves conditions to the target, which stops for true ones only",
            .traplineOnly("QEMU's stub has no conditions"))
        func conditionalBreakpoint() throws {
            let vm = try VMUnderTest("agent")
            let log = try vm.gdb(
                "agent",
                """
                \(AgentGuest.setUp)
                break visit if round == \(AgentGuest.lastRound) && item->change == -4
                python import time; start = time.time()
                continue
                python print("@milliseconds=%d" % (1000 * (time.time() - start)))
                info breakpoints
                printf "@round=%d\\n", round
                delete
                break finished
                continue
                """)
            #expect(log.succeeded && log.contains("(target evals)"), "\(log)")
            #expect(log.contains("breakpoint already hit 1 time"), "\(log)")
            #expect(log.values("round") == [UInt64(AgentGuest.lastRound)], "\(log)")
            let milliseconds = try #require(log.value("milliseconds"))
            print("\(AgentGuest.rounds) false conditions: \(milliseconds) ms")
            // An emulated EL2 says nothing about how long the exits of a real one take.
            if !VMUnderTest.isKVM { #expect(Double(milliseconds) < Self.limit * 1000) }
        }

        @Test("of several breakpoints at one place each has its condition, and a plain one none")
        func severalConditions() throws {
            let vm = try VMUnderTest("agent")
            let log = try vm.gdb(
                "agent",
                """
                break visit if round == 100
                break visit if item->number == 30 && round > 200
                break finished
                continue
                printf "@round=%d\\n", round
                continue
                printf "@round=%d\\n", round
                continue
                printf "@round=%d\\n", round
                condition 1 round == 300
                delete 2
                continue
                printf "@round=%d\\n", round
                break visit
                continue
                printf "@round=%d\\n", round
                continue
                printf "@round=%d\\n", round
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.values("round") == [100, 202, 206, 300, 301, 302], "\(log)")
        }

        @Test(
            "a condition that can't be evaluated stops and says why",
            .traplineOnly("QEMU's stub has no conditions"))
        func failingCondition() throws {
            let vm = try VMUnderTest("agent")
            let gdb = try GDBSession(elf: GuestProgram.named("agent").path, remote: vm.endpoint)
            try gdb.command("break visit if *(int *) 0x2000000000 == round")
            try gdb.resume("continue")
            _ = try gdb.waitForStop()
            #expect(gdb.transcript.contains("condition at 0x"), "\(gdb.transcript)")
            #expect(gdb.transcript.contains("memory can't be read"), "\(gdb.transcript)")
            #expect(gdb.transcript.contains("Error in testing"), "\(gdb.transcript)")
        }

        @Test(
            "dprintf in agent style prints without a stop",
            .traplineOnly("QEMU's stub has no commands at breakpoints"))
        func agentPrintf() throws {
            let vm = try VMUnderTest("agent")
            let log = try vm.gdb(
                "agent",
                """
                \(AgentGuest.setUp)
                set dprintf-style agent
                dprintf visit,"visit %d %s %#x %hd|\\n", round, item->name, item->number, item->change
                condition 1 round < 2 || round == \(AgentGuest.rounds - 2)
                break finished
                continue
                info breakpoints
                """)
            #expect(log.succeeded && log.contains("(target evals)"), "\(log)")
            // Four visits by hand, four by a function and the long loop.
            #expect(log.count("visit 0 ten 0xa -1|\n") == 3, "\(log)")
            #expect(log.count("visit 1 twenty 0x14 -2|\n") == 3, "\(log)")
            #expect(log.count("visit \(AgentGuest.rounds - 2) thirty 0x1e -3|\n") == 1, "\(log)")
            #expect(log.count("|\n") == 7, "\(log)")
            // Everything that is printed comes before the stop that follows it.
            let last = try #require(log.text.range(of: "visit \(AgentGuest.rounds - 2)"))
            #expect(log.text[last.upperBound...].contains("finished () at"), "\(log)")
        }

        @Test(
            "a client that reads slowly loses no line", .traplineOnly("QEMU's stub has no commands at breakpoints"),
            .notOnKVM(.exitCount))
        func manyLines() throws {
            let vm = try VMUnderTest("agent")
            let guest = try GuestProgram.named("agent")
            let client = try RSPClient(vm.endpoint)
            _ = try client.ask("qSupported:swbreak+")
            _ = try client.ask("QStartNoAckMode")
            client.acknowledges = false
            let visit = String(try guest.symbol("visit"), radix: 16)
            let finished = String(try guest.symbol("finished"), radix: 16)
            // printf("%d\n", w1)
            let printing = "X11,2600012200220034010005" + "25645c6e00" + "27"
            #expect(try client.ask("Z0,\(visit),4;cmds:0,\(printing)") == "OK")
            #expect(try client.ask("Z0,\(finished),4") == "OK")
            try client.send("vCont;c")
            usleep(500_000)
            var text: [UInt8] = []
            var reply = try client.reply(limit: .seconds(30))
            while reply.hasPrefix("O") {
                text += RSPClient.bytes(hex: String(reply.dropFirst()))
                reply = try client.reply(limit: .seconds(30))
            }
            #expect(reply.hasPrefix("T05swbreak"), "\(reply)")
            let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
            try #require(lines.count == 200_008)
            for index in 0..<200_000 where lines[8 + index] != "\(index)" {
                Issue.record("line \(index) is \(lines[8 + index])")
                break
            }
        }

        @Test(
            "commands that persist continue without their client, and the next one ends them",
            .traplineOnly("QEMU's stub has no commands at breakpoints"))
        func persistentCommands() throws {
            let vm = try VMUnderTest("forever")
            // The function that the guest calls once for each tick.
            let place = String(try GuestProgram.named("forever").symbol("print_number"), radix: 16)
            let client = try RSPClient(vm.endpoint)
            // printf("tick!\n")
            let printing = "X11,2200220034000008" + "7469636b215c6e00" + "27"
            #expect(try client.ask("Z0,\(place),4;cmds:1,\(printing)") == "OK")
            client.close()
            #expect(Patience.eventually { vm.errors.contains("tick!\n") }, "\(vm.errors)")
            let next = try RSPClient(vm.endpoint)
            #expect(try next.ask("z0,\(place),4") == "OK")
            let before = vm.errors.components(separatedBy: "tick!").count
            let serial = vm.serial
            next.close()
            try vm.waitForSerial("more ticks") { $0.count > serial.count + 20 }
            #expect(vm.errors.components(separatedBy: "tick!").count == before)
        }
    }
}
