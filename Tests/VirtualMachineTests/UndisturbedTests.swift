import AArch64
import Acceleration
import Execution
import Foundation
import GDBStub
import MachineDebugger
import SoftwareAccelerator
import Synchronization
import TestSupport
import Testing
import VirtualMachine

@Suite("A debugger that attaches, stops and continues does not change the guest's run")
struct UndisturbedTests {
    /// How many times the state is compared.
    private static let comparisons = 1000

    @Test("the whole state is the same at a thousand instruction counts", arguments: [1, 2])
    func sameState(vcpuCount: Int) throws {
        var random = SeededRandom(seed: SeededRandom.chosenSeed)
        let reference = try TurnsGuest(vcpuCount: vcpuCount)
        let debugged = try TurnsGuest(vcpuCount: vcpuCount)
        let all = ResumePlan(actions: Array(repeating: .continue, count: vcpuCount))
        let nothing = Array(repeating: ReportedStops(), count: vcpuCount)
        var debugger = try RandomDebugger(debugged, seed: random.next())
        let disturber = try Disturber(debugged.accelerator, seed: random.next())
        for comparison in 0..<Self.comparisons {
            let count = random.chance(5) ? random.below(200_000) : random.below(8000)
            let time = reference.accelerator.guestTime + UInt64(count) + 1
            reference.accelerator.pauseTime = time
            try #require(reference.accelerator.run(all, reportedStops: nothing).outcome == .requested, random.comment)
            try debugger.run(to: time)
            let differences = try debugged.differences(from: reference)
            try #require(differences.isEmpty, "comparison \(comparison), \(random.comment): \(differences)")
        }
        disturber.stop()
        print(
            "\(vcpuCount) vCPUs: \(reference.accelerator.guestTime) instructions, "
                + "\(reference.accelerator.schedule.turnCount) turns, \(debugger.stops) stops, \(debugger.hits) hits")
        #expect(debugger.stops > 100 && debugger.hits > 100, random.comment)

        // Nor have the comparisons changed anything.
        let untouched = try TurnsGuest(vcpuCount: vcpuCount)
        untouched.accelerator.pauseTime = reference.accelerator.pauseTime
        #expect(untouched.accelerator.run(all, reportedStops: nothing).outcome == .requested)
        #expect(try untouched.differences(from: reference).isEmpty, random.comment)
    }
}

/// A debugger that does what changes nothing for the guest, at random.
private struct RandomDebugger {
    let guest: TurnsGuest
    private var random: SeededRandom
    private let places: [UInt64]
    /// Where there is a breakpoint whose condition is never true.
    private let passedPlace: UInt64
    /// How many times the machine stopped because something asked for it, and at breakpoints.
    private(set) var stops = 0
    private(set) var hits = 0

    init(_ guest: TurnsGuest, seed: UInt64) throws {
        self.guest = guest
        random = SeededRandom(seed: seed)
        let program = try GuestProgram.named("turns")
        places = try ["at_wfi", "at_yield", "end_round", "handle_irq"].map { try program.symbol($0) }
        passedPlace = try program.symbol("psci")
    }

    /// Runs the guest to a virtual time, with whatever happens on the way.
    mutating func run(to time: UInt64) throws {
        let control = guest.machine.control
        while guest.accelerator.guestTime < time {
            // On a fast host most runs are over before another thread can ask for a stop.
            let left = Int(time - guest.accelerator.guestTime)
            guest.accelerator.pauseTime = random.chance(40) ? time - UInt64(random.below(left)) : time
            if random.chance(40) { try act() }
            control.resume(control.continueAll)
            switch control.wait() {
            case .requested: if guest.accelerator.guestTime < time { stops += 1 }
            case .stopped(let event) where event.reason == .softwareBreakpoint: hits += 1
            case let outcome: Issue.record("\(outcome), TRAPLINE_FUZZ_SEED=\(random.seed)")
            }
        }
    }

    private mutating func act() throws {
        let place = random.pick(places)
        switch random.below(10) {
        case 0..<4:
            try guest.target.insert(StopPoint(kind: .softwareBreakpoint, address: place, length: 4), vcpu: 0)
        case 4:
            guest.target.endOfSession()
        case 5, 6:
            ask("Z0,\(String(passedPlace, radix: 16)),4;X3,220027")
        case 7:
            ask("qSupported", "?", "g", "qfThreadInfo", "Hg1", "g", "m40100000,100", "m\(String(place, radix: 16)),40")
        case 8:
            let vcpu = random.below(guest.accelerator.vcpuCount)
            for register in guest.accelerator.systemRegisters {
                _ = try guest.accelerator.read(.system(register.encoding), vcpu: vcpu)
            }
        default:
            for command in ["cpus", "irq", "timer"] {
                _ = try? guest.target.runMonitorCommand("info", arguments: [command], vcpu: 0)
            }
        }
    }

    /// Sends packets of a session of their own.
    private func ask(_ packets: String...) {
        var session = DebugSession(target: guest.target, initialStop: StopEvent(.paused, vcpu: 0), version: "")
        for packet in packets {
            let sum = String(packet.utf8.reduce(UInt8(0), &+), radix: 16)
            session.receive(Array("$\(packet)#\(sum.count == 1 ? "0" : "")\(sum)".utf8))
            _ = session.takeOutput()
        }
    }
}

extension RunControl {
    /// Waits for the outcome of what was resumed.
    fileprivate func wait() -> RunOutcome? {
        while isRunning {
            if let report = takeReport() { return report.outcome }
            sched_yield()
        }
        return nil
    }
}

/// Asks for stops, and kicks without input, at the host's own moments.
private final class Disturber: Sendable {
    private let isOver = Atomic<Bool>(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ accelerator: SoftwareAccelerator, seed: UInt64) throws {
        // SAFETY: any thread may call `requestStop` and `kick`.
        nonisolated(unsafe) let accelerator = accelerator
        let thread = Thread { [self] in
            var random = SeededRandom(seed: seed)
            while !isOver.load(ordering: .relaxed) {
                usleep(UInt32(random.below(100)))
                if random.chance(70) { accelerator.requestStop() } else { accelerator.kick() }
            }
            hasEnded.signal()
        }
        thread.start()
    }

    /// Returns when the last request has been made.
    func stop() {
        isOver.store(true, ordering: .relaxed)
        hasEnded.wait()
    }
}
