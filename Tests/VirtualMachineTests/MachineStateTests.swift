import Acceleration
import Execution
import Machine
import SoftwareAccelerator
import Synchronization
import TestSupport
import Testing
import VirtualMachine

@Suite("The state of a machine on the software CPU is one value")
struct MachineStateTests {
    @Test("a machine continues from its state as if nothing had happened since", arguments: [1, 2])
    func continues(vcpuCount: Int) throws {
        var random = SeededRandom(seed: SeededRandom.chosenSeed)
        let reference = try TurnsGuest(vcpuCount: vcpuCount)
        // Restored after a later part of the same run, after a reset, or as the first thing.
        var restored = try TurnsGuest(vcpuCount: vcpuCount)
        for round in 0..<200 {
            reference.run(random.chance(30) ? random.below(60) : random.below(40_000))
            if round % 20 == 0 { restored = try TurnsGuest(vcpuCount: vcpuCount) }
            if random.chance(10) {
                try restored.reset()
                restored.run(random.below(20_000))
            }
            try restored.restore(reference.snapshot())
            var differences = try restored.differences(from: reference)
            try #require(differences.isEmpty, "round \(round), restored, \(random.comment): \(differences)")
            for _ in 0..<2 {
                let count = random.chance(50) ? random.below(100) : random.below(30_000)
                reference.run(count)
                restored.run(count)
                differences = try restored.differences(from: reference)
                try #require(differences.isEmpty, "round \(round), \(random.comment): \(differences)")
            }
            restored.run(random.below(30_000))
        }

        // Taking the state has changed nothing.
        let untouched = try TurnsGuest(vcpuCount: vcpuCount)
        untouched.run(Int(reference.accelerator.pauseTime))
        #expect(try untouched.differences(from: reference).isEmpty, random.comment)
    }

    @Test("a vCPU that CPU_ON was called for starts in the restored machine")
    func pendingPower() throws {
        let reference = try TurnsGuest(vcpuCount: 2)
        func isOff() -> Bool { reference.accelerator.schedule.power[1] == .off }
        var before = try reference.snapshot()
        var low = reference.accelerator.guestTime
        while isOff() {
            (before, low) = (try reference.snapshot(), reference.accelerator.guestTime)
            reference.run(100_000)
        }
        // The call is the last instruction before `high`.
        var high = reference.accelerator.guestTime
        func run(to time: UInt64) throws {
            try reference.restore(before)
            reference.run(Int(time - reference.accelerator.guestTime))
        }
        while low + 1 < high {
            let middle = low + (high - low) / 2
            try run(to: middle)
            if isOff() { low = middle } else { high = middle }
        }
        try run(to: high)
        #expect(reference.accelerator.schedule.power == [.on, .onPending])

        let restored = try TurnsGuest(vcpuCount: 2)
        try restored.restore(reference.snapshot())
        for guest in [reference, restored] { guest.run(50_000) }
        #expect(restored.accelerator.schedule.power == [.on, .on])
        #expect(try restored.differences(from: reference).isEmpty)
    }

    // MARK: Semihosting

    /// SYS_WRITE of 12 KiB from address 0, then a loop.
    private static let print = """
        movz x0, #5
        adr x1, arguments
        hlt #0xf000
        b .
        arguments:
        .quad 1, 0, 12 << 10
        """

    /// A machine with ``print``, and how many bytes it has printed.
    private final class Printer {
        let guest: Guest
        let accelerator: SoftwareAccelerator
        let count: Count

        final class Count: Sendable {
            let value = Mutex(0)
            func take() -> Int {
                value.withLock { value in
                    defer { value = 0 }
                    return value
                }
            }
        }

        init() throws {
            let count = Count()
            guest = try Guest(
                MachineStateTests.print, hasSemihosting: true, consoleSink: { _ in count.value.withLock { $0 += 1 } })
            accelerator = try #require(guest.machine.accelerator as? SoftwareAccelerator)
            self.count = count
        }

        deinit { guest.machine.control.shutDown() }

        func run() {
            accelerator.pauseTime = accelerator.guestTime + 10
            #expect(accelerator.run(ResumePlan(actions: [.continue]), reportedStops: [[]]).outcome == .requested)
            #expect((try? guest.accelerator.read(.x(0), vcpu: 0)) == 0)
        }
    }

    @Test("a semihosting call that has paused continues in the restored machine, and not after a reset")
    func pausedCall() throws {
        let printer = try Printer()
        var reportedStops: [ReportedStops] = [[]]
        #expect(printer.accelerator.runBriefly(ResumePlan(actions: [.continue]), reportedStops: &reportedStops) == nil)
        #expect(printer.count.take() == 4096)
        let state = printer.accelerator.machineState
        let restored = try Printer()
        restored.accelerator.restore(state)
        restored.run()
        #expect(restored.count.take() == 8192)

        try printer.guest.machine.machine.reset()
        printer.accelerator.reset()
        printer.run()
        #expect(printer.count.take() == 12288)
    }

    @Test("a property of the accelerator is state, or is listed here")
    func properties() throws {
        let machine = try Printer()
        let properties: [String: Set<String>] = [
            "state": ["cluster", "machine", "storage", "semihosting"],
            "fixed": ["name", "idleTime", "poll", "takeInput", "environment"],
            "the host's": ["sleep", "stopRequest", "hasInput", "hostProcessor", "exits"],
            "of one run": ["pauseTime", "hasMoved", "isBrief"],
            "the debugger's": ["debug", "breakpoints"],
        ]
        let labels = Set(Mirror(reflecting: machine.accelerator).children.compactMap(\.label))
        #expect(labels == properties.values.reduce(into: []) { $0.formUnion($1) })
    }
}
