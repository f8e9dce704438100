import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Tracepoints: collected without a stop, looked at afterwards.
    @Suite struct Tracepoints {
        /// A tracepoint that collects in `visit` for a few rounds, and one that follows `spin`.
        private static let definitions = """
            \(AgentGuest.setUp)
            tvariable $seen = 5
            trace visit if round < 2 || round == \(AgentGuest.lastRound)
            actions
            collect $regs, $args, *item, total
            teval $seen = $seen + 1
            collect $seen
            end
            trace spin
            actions
            collect $args
            while-stepping 5
            collect $regs
            end
            end
            """

        /// Goes through all frames and prints what they have.
        private static let walk = """
            tfind start
            while $trace_frame != -1
              printf "@frame=%d\\n@tracepoint=%d\\n@pc=%#lx\\n", $trace_frame, $tracepoint, $pc
              if $tracepoint == $visit
                printf "@round=%d\\n@number=%d\\n@total=%d\\n@seen=%d\\n", round, item->number, total, $seen
              end
              tfind
            end
            """

        private func expectFrames(_ log: GDBLog) throws {
            #expect(log.values("frame") == Array(0...12), "\(log)")
            // By hand, then spin and its steps, then work and the long loop.
            #expect(log.values("tracepoint") == [1, 1, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1], "\(log)")
            #expect(log.values("round") == [0, 1, 0, 1, 0, 1, UInt64(AgentGuest.lastRound)], "\(log)")
            #expect(log.values("number") == [10, 20, 10, 20, 10, 20, 40], "\(log)")
            // Four items are 100; what was visited by hand and by `work` is 201.
            let last = UInt64(AgentGuest.rounds * 25 - 40 + 201)
            #expect(log.values("total") == [0, 10, 100, 110, 201, 211, last], "\(log)")
            #expect(log.values("seen") == Array(6...12), "\(log)")
            let pcs = log.values("pc")
            try #require(pcs.count == 13)
            for step in 3...7 { #expect(pcs[step] == pcs[2] + UInt64(4 * (step - 2)), "\(log)") }
        }

        @Test(
            "GDB traces, looks at the frames, saves them, and reads the file",
            .traplineOnly("QEMU's stub has no tracepoints"))
        func traceAndSave() throws {
            let vm = try VMUnderTest("agent")
            let file = vm.folder.file("trace")
            let log = try vm.gdb(
                "agent",
                """
                \(Self.definitions)
                set $visit = 1
                break finished
                tstart
                continue
                tstop
                tstatus
                info tracepoints
                \(Self.walk)
                tfind none
                tsave \(file)
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.contains("tracepoint already hit 7 times"), "\(log)")
            #expect(log.contains("tracepoint already hit 1 time\n"), "\(log)")
            try expectFrames(log)
            let saved = try GDB.batch(
                elf: GuestProgram.named("agent").path,
                """
                target tfile \(file)
                tstatus
                set $visit = 1
                \(Self.walk)
                """)
            #expect(saved.succeeded && saved.contains("Collected 13 trace frames"), "\(saved)")
            try expectFrames(saved)
        }

        @Test(
            "a string is collected to its end, and memory that was not is unavailable",
            .traplineOnly("QEMU's stub has no tracepoints"))
        func strings() throws {
            let vm = try VMUnderTest("agent")
            let log = try vm.gdb(
                "agent",
                """
                \(AgentGuest.setUp)
                trace visit if round == 2
                actions
                collect/s item->name
                collect $args
                end
                break finished
                tstart
                continue
                tstop
                tfind start
                print item->name
                output total
                """)
            #expect(log.contains("\"thirty\""), "\(log)")
            #expect(log.contains("<unavailable>"), "\(log)")
        }

        @Test(
            "a circular buffer keeps the last frames, a pass count ends it, and so does a full buffer",
            .traplineOnly("QEMU's stub has no tracepoints"))
        func buffers() throws {
            let vm = try VMUnderTest("agent")
            let log = try vm.gdb(
                "agent",
                """
                \(AgentGuest.setUp)
                trace visit
                actions
                collect $args
                end
                set circular-trace-buffer on
                set trace-buffer-size 20000
                tbreak finished
                tstart
                continue
                tstatus
                tstop
                tfind start
                printf "@round=%d\\n", round
                tfind end
                """)
            #expect(log.contains("(of \(AgentGuest.rounds + 8) created total)"), "\(log)")
            #expect(log.contains("Trace buffer is circular."), "\(log)")
            let first = try #require(log.value("round"))
            #expect(first + 200 > AgentGuest.rounds && first < AgentGuest.rounds, "\(log)")

            for (command, outcome) in [
                ("passcount 100", "Trace stopped by tracepoint 1"), ("set trace-buffer-size 20000", "buffer was full"),
            ] {
                let vm = try VMUnderTest("agent")
                let log = try vm.gdb(
                    "agent",
                    """
                    \(AgentGuest.setUp)
                    trace visit
                    \(command)
                    tbreak finished
                    tstart
                    continue
                    tstatus
                    """)
                #expect(log.succeeded && log.contains(outcome), "\(log)")
            }
        }

        @Test(
            "an experiment continues without its client, and the next client reads it",
            .traplineOnly("QEMU's stub has no tracepoints"))
        func disconnected() throws {
            let vm = try VMUnderTest("forever")
            let first = try vm.gdb(
                "forever",
                """
                set disconnected-tracing on
                trace hot
                passcount \(AgentGuest.rounds)
                actions
                collect $regs, beats
                end
                set circular-trace-buffer on
                set trace-buffer-size 100000
                tstart
                detach
                """)
            #expect(first.succeeded, "\(first)")
            // A tick is 50,000 beats: the trace has had its passes by then.
            try vm.waitForSerial("tick 6\n")
            let second = try vm.gdb(
                "forever",
                """
                tstatus
                info tracepoints
                tfind end
                tfind start
                printf "@beats=%lu\\n", beats
                tfind none
                detach
                """)
            #expect(second.contains("Trace stopped by tracepoint"), "\(second)")
            #expect(second.contains("collect $regs, beats"), "\(second)")
            let beats = try #require(second.value("beats"))
            #expect(beats + 200 > AgentGuest.rounds && beats < AgentGuest.rounds, "\(second)")
        }
    }
}
