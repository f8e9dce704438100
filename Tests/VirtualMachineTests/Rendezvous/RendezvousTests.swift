import Acceleration
import Execution
import KVMAccelerator
import Synchronization
import TestSupport
import Testing

/// The vCPUs that run at the same time are let go and gathered by the rules of the debug session, without KVM.
@Suite("A rendezvous of vCPUs")
struct RendezvousTests {
    private static let schedules: UInt64 = 10_000
    private static let runs = 12

    @Test("10,000 random schedules keep the rules of the debug session")
    func schedules() {
        let seed = SeededRandom.chosenSeed
        print("rendezvous: TRAPLINE_FUZZ_SEED=\(seed)")
        var stops = 0
        for number in 0..<Self.schedules {
            let random = SeededRandom(seed: seed &+ number)
            var schedule = RendezvousSchedule(random)
            schedule.perform(runs: Self.runs)
            stops += schedule.stops
            guard schedule.violations.isEmpty else {
                var again = RendezvousSchedule(random, isTraced: true)
                again.perform(runs: Self.runs)
                print(again.trace.suffix(100).joined(separator: "\n"))
                Issue.record("\(schedule.violations.prefix(5)), \(random.comment)")
                return
            }
        }
        // With few stops the schedules would say little.
        #expect(stops > 2 * Int(Self.schedules))
    }

    @Test("a planted fault is found within 1,000 schedules", arguments: ScriptedBackend.Fault.allCases)
    func plantedFault(_ fault: ScriptedBackend.Fault) {
        let found = (0..<1000 as Range<UInt64>).contains { number in
            var schedule = RendezvousSchedule(SeededRandom(seed: number), fault: fault)
            schedule.perform(runs: Self.runs)
            return !schedule.violations.isEmpty
        }
        #expect(found)
    }

    @Test("threads of vCPUs that run, step and hit at once stand still when a stop is reported")
    func threads() throws {
        var random = SeededRandom(seed: SeededRandom.chosenSeed)
        let backend = try ThreadedBackend(count: 4)
        let rendezvous = Rendezvous(backend)
        for _ in 0..<300 {
            for vcpu in backend.vcpus where random.chance(60) {
                vcpu.hit.store(vcpu.count.load(ordering: .relaxed) + random.below(20), ordering: .relaxed)
            }
            let actions: [ResumeAction] = backend.vcpus.map { _ in
                random.pick([.hold, .step, .continue, .continue])
            }
            guard actions.contains(where: { $0 != .hold }) else { continue }
            if !actions.contains(.step) { backend.board.requestStop() }
            let before = backend.vcpus.map { $0.count.load(ordering: .relaxed) }
            let report = rendezvous.run(ResumePlan(actions: actions), reportedStops: actions.map { _ in [] })
            backend.board.clearStopRequest()
            let after = backend.vcpus.map { $0.count.load(ordering: .relaxed) }
            for vcpu in actions.indices where actions[vcpu] == .hold {
                #expect(before[vcpu] == after[vcpu], random.comment)
            }
            if case .stopped(let event) = report.outcome, event.reason == .stepped {
                #expect(after[event.vcpu] == before[event.vcpu] + 1, random.comment)
            }
            #expect(backend.vcpus.map { $0.count.load(ordering: .relaxed) } == after, random.comment)
        }
    }
}
