import Foundation
import TestSupport
import Testing

extension EndToEndX86 {
    /// Conditions, commands, ranges and tracepoints on the target's side, with x86 registers.
    @Suite struct Agent {
        @Test("a condition on a local variable and on memory is decided at the target, on the vCPU that hits")
        func condition() throws {
            let vm = try VMUnderTest(pc: "smp", cpus: 2)
            let log = try vm.gdb(
                pc: "smp", limit: .seconds(90),
                """
                set breakpoint condition-evaluation target
                break both if cpu == 1 && calls[1] >= 30 && (calls[1] & 3) == 2
                break all_finished
                continue
                printf "@calls=%lu\\n@thread=%d\\n", calls[1], $_thread
                info breakpoints
                continue
                printf "@calls=%lu\\n@thread=%d\\n", calls[1], $_thread
                continue
                printf "@calls=%lu\\n", calls[1]
                continue
                printf "@calls=%lu\\n", calls[1]
                detach
                """)
            #expect(log.succeeded && log.contains("(target evals)"), "\(log)")
            // At 30, 34 and 38 of 40 calls, then at the end.
            #expect(log.values("calls") == [30, 34, 38, 40], "\(log)")
            #expect(log.values("thread") == [2, 2], "\(log)")
        }

        @Test("dprintf in agent style prints without a stop")
        func commands() throws {
            let vm = try VMUnderTest(pc: "smp", cpus: 2)
            let log = try vm.gdb(
                pc: "smp", limit: .seconds(90),
                """
                set dprintf-style agent
                dprintf both,"call %lu of %lu|\\n", calls[cpu], cpu
                break all_finished
                continue
                info breakpoints
                detach
                """)
            #expect(log.succeeded, "\(log)")
            for cpu in 0...1 {
                let calls = log.text.matches(of: /call (\d+) of (\d)\|/).filter { $0.2 == "\(cpu)" }.map(\.1)
                #expect(calls == (0..<40).map { "\($0)" }, "vCPU \(cpu): \(log)")
            }
            #expect(log.contains("breakpoint already hit") || log.contains("Breakpoint 2, all_finished"), "\(log)")
        }

        @Test("next is one range")
        func ranges() throws {
            let vm = try VMUnderTest(pc: "smp", cpus: 2)
            let log = try vm.gdb(
                pc: "smp", limit: .seconds(90),
                """
                tbreak work
                continue
                next
                set debug remote 1
                next
                set debug remote 0
                printf "@calls=%lu\\n", calls[0]
                detach
                """)
            #expect(log.succeeded && log.value("calls") == 1, "\(log)")
            let resumptions = log.exchanges.map(\.packet).filter { $0.hasPrefix("vCont;") }
            #expect(resumptions.contains { $0.hasPrefix("vCont;r") } && resumptions.count <= 5, "\(log)")
        }

        @Test("a tracepoint collects registers, a local variable and memory of each hit while the guest runs")
        func tracepoint() throws {
            let vm = try VMUnderTest(pc: "smp", cpus: 2)
            let log = try vm.gdb(
                pc: "smp", limit: .seconds(90),
                """
                trace both if calls[cpu] < 5
                actions
                collect $regs, cpu, calls
                end
                break all_finished
                tstart
                continue
                tstop
                tstatus
                tfind start
                while $trace_frame != -1
                  printf "@cpu=%lu\\n@calls=%lu\\n@pc=%#lx\\n", cpu, calls[cpu], $pc
                  tfind
                end
                detach
                """)
            #expect(log.succeeded && log.contains("Collected 10 trace frames"), "\(log)")
            let hits = Array(zip(log.values("cpu"), log.values("calls")))
            for cpu in [0, 1] as [UInt64] {
                #expect(hits.filter { $0.0 == cpu }.map(\.1) == [0, 1, 2, 3, 4], "\(log)")
            }
            #expect(Set(log.values("pc")).count == 1, "\(log)")
        }
    }
}
