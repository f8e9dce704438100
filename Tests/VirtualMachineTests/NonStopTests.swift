import Acceleration
import Execution
import Foundation
import GDBStub
import TestSupport
import Testing
import VirtualMachine

/// Plans of non-stop mode: a vCPU stops for itself, and none of what the others do is lost.
@Suite("vCPUs that stop one by one") struct NonStopTests {
    /// vCPU 0 turns vCPU 1 on, and each counts in a loop of its own: `add x5`, `nop`, `b`, from 0x14 and from 0x20 on.
    static let program = starting("add x5, x5, #1; nop; b second")

    /// The program with other code for vCPU 1.
    private static func starting(_ second: String) -> String {
        """
            mov x0, #3
            movk x0, #0xc400, lsl #16  // PSCI CPU_ON
            mov x1, #1
            adr x2, second
            hvc #0
        first:
            add x5, x5, #1
            nop
            b first
        second: \(second)
        """
    }
    private static let loops: [UInt64] = [0x14, 0x20]

    /// The guest with both vCPUs at the beginning of their loops.
    private struct Rig {
        let guest: Guest
        var accelerator: any Accelerator { guest.machine.accelerator }

        init() throws {
            guest = try Guest(NonStopTests.program, vcpuCount: 2)
            for _ in 0..<5 { #expect(guest.resume(.step, .hold) == .stopped(StopEvent(.stepped, vcpu: 0))) }
            try expectPlaces(0x14, 0x20)
        }

        func run(_ actions: ResumeAction...) -> RunOutcome? { report(actions)?.outcome }

        func report(_ actions: [ResumeAction]) -> RunReport? {
            guest.machine.control.resume(ResumePlan(actions: actions, isNonStop: true))
            var report: RunReport?
            _ = Patience.eventually(every: .microseconds(100)) {
                report = guest.machine.control.takeReport()
                return report != nil
            }
            return report
        }

        /// Runs to a stop, and the stops that come together with it.
        func expect(_ actions: [ResumeAction], _ outcome: RunOutcome, and others: [StopEvent]) throws {
            let report = try #require(self.report(actions))
            #expect(report.outcome == outcome && report.otherStops == others)
        }

        /// Lets vCPUs run for a moment.
        func pause(_ actions: ResumeAction...) -> RunOutcome? {
            guest.machine.control.resume(ResumePlan(actions: actions, isNonStop: true))
            usleep(20_000)
            return guest.machine.control.stopAndWait()?.outcome
        }

        func insert(_ address: UInt64) throws {
            try guest.machine.debugTarget.insert(
                StopPoint(kind: .softwareBreakpoint, address: address, length: 4), vcpu: 0)
        }

        func count(_ vcpu: Int) throws -> UInt64 { try guest.accelerator.read(.x(5), vcpu: vcpu) }
        func place(_ vcpu: Int) throws -> UInt64 { try guest.accelerator.read(.pc, vcpu: vcpu) }

        func expectPlaces(_ first: UInt64, _ second: UInt64) throws {
            #expect(try [place(0), place(1)] == [first, second])
        }
    }

    @Test func aHeldVCPUStaysWhileTheOtherRuns() throws {
        let rig = try Rig()
        #expect(rig.pause(.hold, .continue) == .requested)
        #expect(try rig.count(0) == 0 && rig.place(0) == 0x14)
        let count = try rig.count(1)
        #expect(count > 0)
        #expect(rig.pause(.continue, .continue) == .requested)
        #expect(try rig.count(0) > 0 && rig.count(1) > count)
    }

    @Test("a step is one step and is reported, whatever the other meets meanwhile")
    func stepsBesideABreakpoint() throws {
        let rig = try Rig()
        try rig.insert(0x20)
        #expect(rig.run(.hold, .continue) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 1)))
        var first: UInt64 = 0x14
        for round in 0..<30 {
            #expect(try rig.count(1) == UInt64(round) && rig.place(1) == 0x20)
            #expect(rig.run(.step, .continue) == .stopped(StopEvent(.stepped, vcpu: 0)))
            first = first == 0x1c ? 0x14 : first + 4
            #expect(try rig.place(0) == first)
            // Whether the other has moved or not: it comes around once, and not at all to where it has been reported.
            #expect(rig.run(.hold, .continue) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 1)))
        }
    }

    @Test("a breakpoint of both is met by each, also by the one that is stepped over it")
    func oneBreakpointEach() throws {
        let rig = try Rig()
        for address in Self.loops { try rig.insert(address) }
        // A step has just led to where it is, which reported no hit.
        #expect(rig.run(.continue, .hold) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 0)))
        for round in 0..<20 {
            #expect(rig.run(.hold, .continue) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 1)))
            #expect(try rig.count(1) == UInt64(round))
            #expect(rig.run(.step, .hold) == .stopped(StopEvent(.stepped, vcpu: 0)))
            #expect(rig.run(.continue, .hold) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 0)))
            #expect(try rig.count(0) == UInt64(round) + 1)
        }
    }

    @Test func eachOfTwoStepsIsReported() throws {
        let rig = try Rig()
        try rig.expect([.step, .step], .stopped(StopEvent(.stepped, vcpu: 0)), and: [])
        try rig.expectPlaces(0x18, 0x20)
        #expect(rig.run(.hold, .step) == .stopped(StopEvent(.stepped, vcpu: 1)))
        try rig.expectPlaces(0x18, 0x24)
    }

    @Test("ranges that end together are reported together")
    func ranges() throws {
        let rig = try Rig()
        try rig.expect(
            [.stepWithin(0x14..<0x1c), .stepWithin(0x20..<0x28)], .stopped(StopEvent(.stepped, vcpu: 0)),
            and: [StopEvent(.stepped, vcpu: 1)])
        try rig.expectPlaces(0x1c, 0x28)
        // The one that is out first is out alone.
        try rig.expect(
            [.stepWithin(0x14..<0x20), .stepWithin(0x20..<0x28)], .stopped(StopEvent(.stepped, vcpu: 1)), and: [])
        #expect(try rig.place(1) == 0x28)
    }

    @Test("a range is under way when something else is reported")
    func rangeBesideABreakpoint() throws {
        let rig = try Rig()
        try rig.insert(0x20)
        #expect(rig.run(.hold, .continue) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 1)))
        for _ in 0..<10 {
            #expect(
                rig.run(.stepWithin(0x14..<0x20), .continue) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 1)))
        }
        #expect(try rig.count(1) == 10)
        #expect(try rig.count(0) > 5)
        #expect(rig.pause(.stepWithin(0x14..<0x20), .hold) == .requested)
        #expect(rig.run(.stepWithin(0x14..<0x18), .hold) == .stopped(StopEvent(.stepped, vcpu: 0)))
    }

    @Test("a breakpoint within a range stops there, also two at a time")
    func breakpointsInRanges() throws {
        let rig = try Rig()
        try rig.insert(0x1c)
        try rig.insert(0x28)
        try rig.expect(
            [.stepWithin(0x14..<0x20), .stepWithin(0x20..<0x2c)], .stopped(StopEvent(.softwareBreakpoint, vcpu: 0)),
            and: [StopEvent(.softwareBreakpoint, vcpu: 1)])
        try rig.expectPlaces(0x1c, 0x28)
    }

    @Test("who is held stays so when the guest resets the machine")
    func guestReset() throws {
        // vCPU 1 calls PSCI SYSTEM_RESET.
        let guest = try Guest(Self.starting("mov x0, #9; movk x0, #0x8400, lsl #16; hvc #0"), vcpuCount: 2)
        for _ in 0..<5 { #expect(guest.resume(.step, .hold) == .stopped(StopEvent(.stepped, vcpu: 0))) }
        guest.machine.control.resume(ResumePlan(actions: [.hold, .continue], isNonStop: true))
        usleep(50_000)
        #expect(guest.machine.control.stopAndWait()?.outcome == .requested)
        #expect(try guest.accelerator.read(.pc, vcpu: 0) == 0)
        #expect(guest.machine.accelerator.activity(vcpu: 1) == .off)
    }

    @Test("a vCPU that is off steps when it has been turned on")
    func stepsWhenOn() throws {
        let guest = try Guest(Self.program, vcpuCount: 2)
        guest.machine.control.resume(ResumePlan(actions: [.hold, .step], isNonStop: true))
        usleep(20_000)
        #expect(guest.machine.control.stopAndWait()?.outcome == .requested)
        guest.machine.control.resume(ResumePlan(actions: [.continue, .step], isNonStop: true))
        var outcome: RunOutcome?
        while outcome == nil {
            outcome = guest.machine.control.takeReport()?.outcome
            usleep(100)
        }
        #expect(outcome == .stopped(StopEvent(.stepped, vcpu: 1)))
        #expect(try guest.accelerator.read(.pc, vcpu: 1) == 0x24)
    }
}
