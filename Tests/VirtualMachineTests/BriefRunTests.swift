import Acceleration
import Execution
import Foundation
import GDBStub
import Testing
import VirtualMachine

@Suite("What is over in a moment is run on the thread that asks for it")
struct BriefRunTests {
    private static func stopped(_ reason: StopEvent.Reason, vcpu: Int = 0) -> RunOutcome {
        .stopped(StopEvent(reason, vcpu: vcpu))
    }

    private func resume(_ guest: Guest, _ actions: ResumeAction...) {
        guest.machine.control.resume(ResumePlan(actions: actions))
    }

    @Test("a step, a short range and a near breakpoint end on the calling thread")
    func overAtOnce() throws {
        let guest = try Guest(DeterminismTests.program)
        let control = guest.machine.control
        resume(guest, .step)
        #expect(control.hasReport)
        #expect(control.takeReport()?.outcome == Self.stopped(.stepped))
        #expect(control.takeReport()?.outcome == nil)
        #expect(!control.isRunning)

        resume(guest, .stepWithin(0..<0x14))
        #expect(control.hasReport)
        #expect(control.takeReport()?.outcome == Self.stopped(.stepped))
        #expect(try guest.accelerator.read(.pc, vcpu: 0) == 0x14)

        try guest.machine.debugTarget.insert(StopPoint(kind: .softwareBreakpoint, address: 0x18, length: 4), vcpu: 0)
        for turn in 0..<3 {
            resume(guest, .continue)
            #expect(control.hasReport)
            #expect(control.takeReport()?.outcome == Self.stopped(.softwareBreakpoint))
            #expect(try guest.accelerator.read(.x(1), vcpu: 0) == 0x80_0000 - UInt64(turn))
        }
    }

    @Test("a range or a run that takes longer continues on the vCPU thread, from where it was")
    func goesOn() throws {
        let reference = try Guest(DeterminismTests.program)
        #expect(reference.resume(.continue) == .poweredOff(status: 0))
        let guest = try Guest(DeterminismTests.program)
        resume(guest, .stepWithin(0..<0x20))
        #expect(!guest.machine.control.hasReport)
        // The loop has eight million rounds.
        #expect(guest.machine.control.stopAndWait()?.outcome == .requested)
        #expect(try guest.accelerator.read(.pc, vcpu: 0) < 0x20)
        resume(guest, .continue)
        #expect(!guest.machine.control.hasReport)
        #expect(guest.machine.control.isRunning)
        #expect(guest.outcome() == .poweredOff(status: 0))
        #expect(try guest.accelerator.read(.x(5), vcpu: 0) == reference.accelerator.read(.x(5), vcpu: 0))
    }

    @Test("a stop returns an outcome that has not been taken")
    func untaken() throws {
        let guest = try Guest(DeterminismTests.program)
        resume(guest, .step)
        #expect(guest.machine.control.stopAndWait()?.outcome == Self.stopped(.stepped))
        #expect(guest.machine.control.stopAndWait()?.outcome == nil)
    }

    /// Counts in x5 and asks for a reset, which never returns.
    private static let reset = """
            mov x0, #9
            movk x0, #0x8400, lsl #16  // PSCI SYSTEM_RESET
            movz x4, #0x4080, lsl #16
            ldr w5, [x4]
            add w5, w5, #1
            str w5, [x4]
            hvc #0
            b .
        """

    @Test("after a step into a reset the machine starts again, and all vCPUs run", arguments: [true, false])
    func resets(hasBreakpoint: Bool) throws {
        let guest = try Guest(Self.reset)
        let control = guest.machine.control
        for _ in 0..<6 { #expect(guest.resume(.step) == Self.stopped(.stepped)) }
        if hasBreakpoint {
            try guest.machine.debugTarget.insert(
                StopPoint(kind: .softwareBreakpoint, address: 0x10, length: 4), vcpu: 0)
        }
        resume(guest, .step)
        #expect(!control.hasReport)
        if hasBreakpoint {
            #expect(guest.outcome() == Self.stopped(.softwareBreakpoint))
            #expect(try guest.accelerator.read(.pc, vcpu: 0) == 0x10)
        } else {
            usleep(20_000)
            #expect(control.stopAndWait()?.outcome == .requested)
        }
    }

    @Test("a guest that does nothing but reset is stopped, at whatever moment")
    func stopsResets() throws {
        let guest = try Guest(Self.reset)
        for _ in 0..<2000 {
            guest.machine.control.resume(guest.machine.control.continueAll)
            guest.machine.control.requestStop()
            #expect(guest.outcome() == .requested)
        }
    }

    @Test("a step of a vCPU that is off does not end on the calling thread")
    func off() throws {
        let guest = try Guest(PowerTests.program, vcpuCount: 2)
        resume(guest, .hold, .step)
        #expect(!guest.machine.control.hasReport)
        #expect(guest.machine.control.stopAndWait()?.outcome == .requested)
    }

    @Test("a breakpoint whose condition may take long is not decided in a brief run")
    func condition() throws {
        let guest = try Guest(DeterminismTests.program)
        var session = DebugSession(
            target: guest.machine.debugTarget, initialStop: StopEvent(.paused, vcpu: 0), version: "")
        session.receive(Array("$Z0,18,4;X3,220127#9f".utf8))
        #expect(String(decoding: session.takeOutput(), as: UTF8.self) == "+$OK#9a")
        resume(guest, .continue)
        #expect(!guest.machine.control.hasReport)
        #expect(guest.outcome() == Self.stopped(.softwareBreakpoint))
        #expect(try guest.accelerator.read(.pc, vcpu: 0) == 0x18)
    }

    @Test("turns of many vCPUs are too long for a moment")
    func many() throws {
        let guest = try Guest(DeterminismTests.program, vcpuCount: 5)
        guest.machine.control.resume(ResumePlan(actions: [.step, .hold, .hold, .hold, .hold]))
        #expect(!guest.machine.control.hasReport)
        #expect(guest.outcome() == Self.stopped(.stepped))
    }
}
