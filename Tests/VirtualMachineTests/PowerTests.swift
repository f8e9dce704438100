import Acceleration
import Execution
import GDBStub
import MachineDebugger
import Testing
import VirtualMachine

@Suite("vCPUs that are turned on while the debugger steps")
struct PowerTests {
    /// vCPU 0 turns vCPU 1 on and waits for its mark; then x6 is 77.
    static let program = """
            mov x0, #3
            movk x0, #0xc400, lsl #16  // PSCI CPU_ON
            mov x1, #1
            adr x2, second
            mov x3, #0
            hvc #0
            movz x4, #0x4080, lsl #16
        wait:
            ldr w5, [x4]
            cbz w5, wait
            mov x6, #77
            b .
        second:
            movz x4, #0x4080, lsl #16
            mov w5, #1
            str w5, [x4]
            b .
        """

    private static let stepped = RunOutcome.stopped(StopEvent(.stepped, vcpu: 0))

    @Test("a vCPU turned on joins while another steps")
    func joins() throws {
        let guest = try Guest(Self.program, vcpuCount: 2)
        for _ in 0..<40 { #expect(guest.resume(.step, .continue) == Self.stepped) }
        #expect(try guest.accelerator.read(.x(6), vcpu: 0) == 77)
    }

    @Test("a vCPU that was held when it was turned on steps from its entry")
    func stepsFromItsEntry() throws {
        let guest = try Guest(Self.program, vcpuCount: 2)
        for _ in 0..<6 { #expect(guest.resume(.step, .hold) == Self.stepped) }
        #expect(guest.resume(.hold, .step) == .stopped(StopEvent(.stepped, vcpu: 1)))
        #expect(try guest.accelerator.read(.pc, vcpu: 1) == 0x30)
        #expect(try guest.accelerator.read(.x(4), vcpu: 1) == 0x4080_0000)
    }

    /// vCPU 0 turns vCPU 1 on, which turns itself off.
    static let onAndOff = """
            mov x0, #3
            movk x0, #0xc400, lsl #16  // PSCI CPU_ON
            mov x1, #1
            adr x2, second
            hvc #0
            b .
            nop
        second:
            mov x0, #2
            movk x0, #0x8400, lsl #16  // PSCI CPU_OFF
            hvc #0
        """

    @Test("turning on and off are stops where that is asked for")
    func reports() throws {
        let guest = try Guest(Self.onAndOff, vcpuCount: 2)
        try guest.machine.debugTarget.setReportsPower(true)
        #expect(guest.resume(.continue, .continue) == .stopped(StopEvent(.turnedOn, vcpu: 1)))
        #expect(try guest.accelerator.read(.pc, vcpu: 0) == 0x14)
        #expect(guest.resume(.continue, .continue) == .stopped(StopEvent(.turnedOff, vcpu: 1)))
        #expect(guest.accelerator.activity(vcpu: 1) == .off)
        // The next client hears of nothing.
        guest.machine.debugTarget.endOfSession()
        guest.machine.control.resume(guest.machine.control.continueAll)
        #expect(guest.machine.control.stopAndWait()?.outcome == .requested)
    }
}
