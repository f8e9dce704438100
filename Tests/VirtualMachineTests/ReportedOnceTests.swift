import Acceleration
import Execution
import GDBStub
import MachineDebugger
import SoftwareAccelerator
import TestSupport
import Testing
import VirtualMachine

/// Stops that come in the middle of an instruction: each is reported once, and so is the breakpoint of that
/// instruction.
@Suite struct ReportedOnceTests {
    /// SYS_READC, then PSCI SYSTEM_OFF with the byte in x5.
    private static let read = """
        mov x0, #7
        mov x1, #0
        hlt #0xf000
        mov x5, x0
        mov x0, #8
        movk x0, #0x8400, lsl #16
        hvc #0
        """
    private static let call: UInt64 = 8

    /// A store to 0x40800000, then PSCI SYSTEM_OFF.
    private static let store = """
        movz x4, #0x4080, lsl #16
        str w5, [x4]
        mov x0, #8
        movk x0, #0x8400, lsl #16
        hvc #0
        """

    private static let hit = RunOutcome.stopped(StopEvent(.softwareBreakpoint, vcpu: 0))

    private func breakpoint(_ address: UInt64) -> StopPoint {
        StopPoint(kind: .softwareBreakpoint, address: address, length: 4)
    }

    /// Sets a breakpoint whose condition is false.
    private func setFalseBreakpoint(at address: String, in guest: Guest) {
        var session = DebugSession(
            target: guest.machine.debugTarget, initialStop: StopEvent(.paused, vcpu: 0), version: "")
        let packet = "Z0,\(address),4;X3,220027"
        let sum = String(packet.utf8.reduce(UInt8(0), &+), radix: 16)
        session.receive(Array("$\(packet)#\(sum.count == 1 ? "0" : "")\(sum)".utf8))
        #expect(String(decoding: session.takeOutput(), as: UTF8.self) == "+$OK#9a")
    }

    @Test("a breakpoint at a semihosting call that waits for input stops once, however often the guest is paused")
    func waitingCall() throws {
        let guest = try Guest(Self.read, hasSemihosting: true)
        try guest.machine.debugTarget.insert(breakpoint(Self.call), vcpu: 0)
        #expect(guest.resume(.continue) == Self.hit)
        for _ in 0..<3 {
            guest.machine.control.resume(ResumePlan(actions: [.continue]))
            #expect(guest.machine.control.stopAndWait()?.outcome == .requested)
            #expect(try guest.accelerator.read(.pc, vcpu: 0) == Self.call)
        }
        guest.machine.control.resume(ResumePlan(actions: [.continue]))
        guest.machine.typeOnConsole([0x61])
        #expect(guest.outcome() == .poweredOff(status: 0))
        #expect(try guest.accelerator.read(.x(5), vcpu: 0) == 0x61)
    }

    @Test("a breakpoint inserted at a semihosting call that waits for input stops at once")
    func insertedAtWaitingCall() throws {
        let guest = try Guest(Self.read, hasSemihosting: true)
        // The guest waits when it has been paused at the call.
        var pc: UInt64 = 0
        while pc != Self.call {
            guest.machine.control.resume(ResumePlan(actions: [.continue]))
            #expect(guest.machine.control.stopAndWait()?.outcome == .requested)
            pc = try guest.accelerator.read(.pc, vcpu: 0)
        }
        try guest.machine.debugTarget.insert(breakpoint(Self.call), vcpu: 0)
        #expect(guest.resume(.continue) == Self.hit)
        guest.machine.control.resume(ResumePlan(actions: [.continue]))
        guest.machine.typeOnConsole([0x61])
        #expect(guest.outcome() == .poweredOff(status: 0))
    }

    @Test("a vCPU that waits for input and whose PC is written continues there at once")
    func movedFromWaitingCall() throws {
        let guest = try Guest(Self.read, hasSemihosting: true)
        var pc: UInt64 = 0
        while pc != Self.call {
            guest.machine.control.resume(ResumePlan(actions: [.continue]))
            #expect(guest.machine.control.stopAndWait()?.outcome == .requested)
            pc = try guest.accelerator.read(.pc, vcpu: 0)
        }
        try guest.accelerator.write(.pc, Self.call + 4, vcpu: 0)
        #expect(guest.resume(.continue) == .poweredOff(status: 0))
    }

    @Test("a watchpoint hit by an instruction whose breakpoint has a false condition is reported once")
    func watchpoint() throws {
        let guest = try Guest(Self.store)
        setFalseBreakpoint(at: "4", in: guest)
        try guest.machine.debugTarget.insert(
            StopPoint(kind: .writeWatchpoint, address: 0x4080_0000, length: 4), vcpu: 0)
        let watched = StopEvent(.watchpoint(.writeWatchpoint, address: 0x4080_0000), vcpu: 0)
        #expect(guest.resume(.continue) == .stopped(watched))
        #expect(guest.resume(.continue) == .poweredOff(status: 0))
    }

    @Test("a caught exception of an instruction whose breakpoint has a false condition is reported once")
    func caughtException() throws {
        let guest = try Guest(Self.store)
        setFalseBreakpoint(at: "10", in: guest)
        _ = try guest.machine.debugTarget.runMonitorCommand("catch", arguments: ["hvc"], vcpu: 0)
        #expect(guest.resume(.continue) == .stopped(StopEvent(.caughtException, vcpu: 0)))
        #expect(try guest.accelerator.read(.pc, vcpu: 0) == 0x10)
        #expect(guest.resume(.continue) == .poweredOff(status: 0))
    }

    @Test("a caught interrupt is taken before a breakpoint that is inserted at the interrupted instruction")
    func caughtInterrupt() throws {
        let guest = try TurnsGuest(vcpuCount: 1)
        let control = guest.machine.control
        func outcome() -> RunOutcome? {
            control.resume(ResumePlan(actions: [.continue]))
            var outcome: RunOutcome?
            _ = Patience.eventually(every: .microseconds(100)) {
                outcome = control.takeReport()?.outcome
                return outcome != nil
            }
            return outcome
        }
        _ = try guest.target.runMonitorCommand("catch", arguments: ["irq"], vcpu: 0)
        #expect(outcome() == .stopped(StopEvent(.caughtException, vcpu: 0)))
        let interrupted = try guest.accelerator.read(.pc, vcpu: 0)
        let time = guest.accelerator.guestTime
        _ = try guest.target.runMonitorCommand("catch", arguments: ["none"], vcpu: 0)
        _ = try guest.target.runMonitorCommand("catch", arguments: ["irq"], vcpu: 0)
        try guest.target.insert(breakpoint(interrupted), vcpu: 0)
        #expect(outcome() == Self.hit)
        #expect(try guest.accelerator.read(.pc, vcpu: 0) == interrupted)
        // The handler has run in between.
        #expect(guest.accelerator.guestTime > time + 10)
    }
}
