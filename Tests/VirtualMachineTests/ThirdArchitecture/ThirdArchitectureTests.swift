import Acceleration
import Execution
import GDBStub
import Machine
import TestSupport
import Testing

/// An architecture, a board and an accelerator that the sources know nothing of: a debug session has all that is
/// generic.
@Suite struct ThirdArchitectureTests {
    private typealias Toy = ToyAccelerator.Operation

    /// A client of a toy machine.
    private struct Client: ~Copyable {
        let target: ToyTarget
        private let executor: PlanExecutor
        private var history: StopHistory
        private var session: DebugSession
        private(set) var outcome: RunOutcome?

        init(_ program: [UInt32], vcpuCount: Int = 1) throws {
            let bytes = program.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
            let machine = try Machine(
                MachineConfiguration(
                    board: ToyBoard(), vcpuCount: vcpuCount, memorySize: 8 << 20,
                    firmware: InputFile(name: "program", bytes: bytes)))
            target = ToyTarget(machine)
            executor = PlanExecutor(target.accelerator, filter: target)
            history = StopHistory(vcpuCount: vcpuCount, watchpointsStopAfterAccess: false)
            session = DebugSession(target: target, initialStop: StopEvent(.paused, vcpu: 0), version: "")
        }

        /// Sends a packet, runs the machine if it is resumed, and returns the reply without its frame.
        mutating func ask(_ packet: String) -> String {
            let digits = String(packet.utf8.reduce(UInt8(0), &+), radix: 16)
            session.receive(Array("$\(packet)#\(digits.count < 2 ? "0" : "")\(digits)".utf8))
            var reply: [UInt8] = []
            while true {
                reply += session.takeOutput()
                let actions = session.takeActions()
                for case .resume(let plan) in actions { run(plan) }
                if session.hasWork { session.continueWork() } else if actions.isEmpty { break }
            }
            return Self.expanded(
                String(decoding: reply, as: UTF8.self).drop { $0 == "+" }.dropFirst().prefix { $0 != "#" })
        }

        /// A reply without runs: `0*"` is five zeros (GDB manual, "Overview", run-length encoding).
        private static func expanded(_ text: Substring) -> String {
            var result = ""
            var isRun = false
            for character in text {
                if isRun, let last = result.last, let count = character.asciiValue {
                    result += String(repeating: last, count: Int(count) - 29)
                    isRun = false
                } else if character == "*" {
                    isRun = true
                } else {
                    result.append(character)
                }
            }
            return result
        }

        private mutating func run(_ plan: ResumePlan) {
            let accelerator = target.accelerator
            let reportedStops = history.begin(plan) { accelerator.registers[$0].pc }
            let report = executor.run(plan, reportedStops: reportedStops)
            history.end(report) { accelerator.registers[$0].pc }
            outcome = report.outcome
            if case .stopped(let event) = report.outcome { session.stopped(event) }
        }
    }

    /// Adds 5, stores the sum at 0x100 from the start of RAM, and begins again.
    private static let loop = [Toy.add(5), Toy.store(0x100), Toy.branch(0)]

    @Test("registers, memory, steps and breakpoints, also with conditions, work for an architecture that is in no list")
    func session() throws {
        var client = try Client(Self.loop)
        #expect(client.ask("qSupported:swbreak+;hwbreak+").contains("ConditionalBreakpoints+"))
        #expect(client.ask("qXfer:features:read:target.xml:0,1000").contains("<architecture>toy</architecture>"))
        #expect(client.ask("p1") == "0000004000000000")
        #expect(client.ask("vCont;s:1").hasPrefix("T05"))
        #expect(client.ask("p0") == "0500000000000000")
        #expect(client.ask("m40000004,4") == "00010001")
        // Each turn of the loop is a hit; one with a false condition is none.
        #expect(client.ask("Z0,40000000,4") == "OK")
        for turn in 1...3 {
            #expect(client.ask("vCont;c").contains("swbreak"))
            #expect(client.ask("p0") == "0\(String(5 * turn, radix: 16))00000000000000")
        }
        #expect(client.ask("Z0,40000000,4;X3,220027") == "OK")
        #expect(client.ask("Z2,40000100,8") == "OK")
        #expect(client.ask("vCont;c").contains("watch:40000100;"))
        #expect(client.ask("p1") == "0400004000000000")
        #expect(client.ask("vCont;c").contains("watch:40000100;"))
        #expect(client.ask("p0") == "1900000000000000")
    }

    @Test("a range is stepped through, and a machine that turns itself off ends")
    func ranges() throws {
        var client = try Client([Toy.add(1), Toy.add(1), Toy.add(1), Toy.off()])
        #expect(client.ask("vCont;r40000000,4000000c:1").hasPrefix("T05"))
        #expect(client.ask("p1") == "0c00004000000000")
        _ = client.ask("vCont;c")
        #expect(client.outcome == .poweredOff(status: 0))
    }

    @Test("only the vCPU that is named moves")
    func twoVCPUs() throws {
        var client = try Client(Self.loop, vcpuCount: 2)
        #expect(client.ask("Z0,40000008,4") == "OK")
        #expect(client.ask("vCont;c:2").contains("thread:2;"))
        #expect(client.ask("Hg1") == "OK")
        #expect(client.ask("p1") == "0000004000000000")
        #expect(client.ask("Hg2") == "OK")
        #expect(client.ask("p1") == "0800004000000000")
    }
}
