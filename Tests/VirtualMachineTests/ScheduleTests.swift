import Acceleration
import Execution
import Foundation
import GDBStub
import GuestAddresses
import GuestMemory
import HostIO
import Machine
import SoftwareAccelerator
import TestSupport
import Testing
import VirtualMachine

@Suite("Turns of the software CPU are paused, and end where the guest's own time says")
struct ScheduleTests {
    /// The slice of a vCPU that is alone, in instructions.
    private static let soleSlice: UInt64 = 1_000_000
    private static let both = ResumePlan(actions: [.continue, .continue])

    private func software(_ guest: Guest) throws -> SoftwareAccelerator {
        try #require(guest.machine.accelerator as? SoftwareAccelerator)
    }

    @Test("a brief run, a stop and a kick pause a turn, which continues with what was left of it")
    func pauses() throws {
        let guest = try Guest("b .")
        let accelerator = try software(guest)
        defer { guest.machine.control.shutDown() }
        let plan = ResumePlan(actions: [.continue])
        var reportedStops: [ReportedStops] = [[]]
        for round in 1...3 {
            #expect(accelerator.runBriefly(plan, reportedStops: &reportedStops) == nil)
            #expect(accelerator.guestTime == UInt64(20_000 * round))
            #expect(accelerator.schedule.left == Self.soleSlice - accelerator.guestTime)
        }
        accelerator.requestStop()
        #expect(accelerator.run(plan, reportedStops: reportedStops).outcome == .requested)
        accelerator.kick()
        accelerator.pauseTime = 70_000
        #expect(accelerator.run(plan, reportedStops: reportedStops).outcome == .requested)
        #expect(accelerator.guestTime == 70_000)
        #expect(accelerator.schedule.turnCount == 1 && accelerator.schedule.pollCount == 1)
        #expect(accelerator.schedule.left == Self.soleSlice - 70_000)
    }

    @Test("a step takes its instruction from the vCPU's own turn, and nothing from another one's")
    func steps() throws {
        let guest = try Guest(PowerTests.program, vcpuCount: 2)
        let accelerator = try software(guest)
        defer { guest.machine.control.shutDown() }
        for _ in 0..<6 { _ = accelerator.run(ResumePlan(actions: [.step, .hold]), reportedStops: [[], []]) }
        // vCPU 0 has turned vCPU 1 on; it has the first turn of the two, which ends in the middle.
        accelerator.pauseTime = accelerator.guestTime + 1000
        #expect(accelerator.run(Self.both, reportedStops: [[], []]).outcome == .requested)
        let left = accelerator.schedule.left
        let vcpu = accelerator.schedule.vcpu
        _ = accelerator.run(
            ResumePlan(actions: (0..<2).map { $0 == vcpu ? .step : .hold }), reportedStops: [[], []])
        #expect(accelerator.schedule.left == left - 1)
        _ = accelerator.run(
            ResumePlan(actions: (0..<2).map { $0 == vcpu ? .hold : .step }), reportedStops: [[], []])
        #expect(accelerator.schedule.left == left - 1 && accelerator.schedule.vcpu == vcpu)
    }

    @Test("with a virtual clock, the time for which a guest without a timer sleeps is not the host's")
    func sleeps() throws {
        let guest = try Guest("wfi; b .-4")
        let accelerator = try software(guest)
        var states: [Schedule] = []
        for _ in 0..<5 {
            guest.machine.control.resume(guest.machine.control.continueAll)
            usleep(5000)
            guest.machine.typeOnConsole([])
            #expect(guest.machine.control.stopAndWait()?.outcome == .requested)
            #expect(accelerator.guestTime == 1)
            states.append(accelerator.schedule)
        }
        #expect(states.allSatisfy { $0 == states[0] })
    }

    /// SYS_WRITE0 of the megabyte at 0x40400000, which has no zero, then PSCI SYSTEM_OFF.
    private static let print = """
            mov x0, #4
            movz x1, #0x4040, lsl #16
            hlt #0xf000
            mov x0, #8
            movk x0, #0x8400, lsl #16
            hvc #0
        """

    @Test("a semihosting call that is done in parts is one instruction")
    func semihosting() throws {
        func run(_ body: (SoftwareAccelerator) -> RunOutcome?) throws -> UInt64 {
            let guest = try Guest(Self.print, hasSemihosting: true)
            try guest.machine.machine.memory.write(0x4040_0000, Array(repeating: 0x2e, count: 1 << 20))
            let accelerator = try software(guest)
            defer { guest.machine.control.shutDown() }
            #expect(body(accelerator) == .poweredOff(status: 0))
            return accelerator.guestTime
        }
        let plan = ResumePlan(actions: [.continue])
        let whole = try run { $0.run(plan, reportedStops: [[]]).outcome }
        var parts = 0
        let inParts = try run { accelerator in
            var reportedStops: [ReportedStops] = [[]]
            while true {
                parts += 1
                if let report = accelerator.runBriefly(plan, reportedStops: &reportedStops) { return report.outcome }
            }
        }
        #expect(whole == 6 && inParts == 6)
        #expect(parts > 100)
    }

    @Test("the real-time clock shows the time of the vCPU that reads it, within a turn as well")
    func realTimeClock() throws {
        let program = try GuestProgram.named("turns")
        let machine = try TurnsGuest(vcpuCount: 1)
        try machine.target.insert(
            StopPoint(kind: .softwareBreakpoint, address: program.symbol("clock_watched"), length: 4), vcpu: 0)
        #expect(
            machine.accelerator.run(ResumePlan(actions: [.continue]), reportedStops: [[]]).outcome
                == .stopped(StopEvent(.softwareBreakpoint, vcpu: 0)))
        #expect(try machine.word(program.symbol("rtc_changes")) == 1)
        #expect(try machine.word(program.symbol("rtc_errors")) == 0)
    }

    @Test("random numbers follow from the seed that was given, or from the one of all runs with a virtual clock")
    func entropy() throws {
        func source(_ change: (inout VirtualMachineConfiguration) -> Void) throws -> [UInt64] {
            var configuration = VirtualMachineConfiguration()
            configuration.kernel = try GuestProgram.named("turns").path
            configuration.idleTime = .isSkipped
            change(&configuration)
            return try VirtualMachine(configuration, consoleSink: { _ in }).entropy.seed
        }
        #expect(try source { _ in } == source { _ in })
        #expect(try source { $0.entropySeed = 7 } == [7, 0, 0, 0])
        #expect(try source { $0.idleTime = .sleeps } != source { $0.idleTime = .sleeps })
    }
}
