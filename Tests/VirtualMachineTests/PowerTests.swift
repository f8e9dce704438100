import Acceleration
import Execution
import GDBStub
import MachineDebugger
import Testing
import VirtualMachine

@Suite("vCPUs that are turned on while the debugger steps")
struct PowerTests {
    /// vCPU 0 turns vCPU 1 on and waits for its mark; then x6 is 77.
    static let program: [UInt32] = [
        0xD280_0060,  // movz x0, #3
        0xF2B8_8000,  // movk x0, #0xc400, lsl #16: PSCI CPU_ON
        0xD280_0021,  // movz x1, #1
        0x1000_0102,  // adr  x2, second
        0xD280_0003,  // mov  x3, #0
        0xD400_0002,  // hvc  #0
        0xD2A8_1004,  // movz x4, #0x4080, lsl #16
        0xB940_0085,  // ldr  w5, [x4]
        0x34FF_FFE5,  // cbz  w5 to the ldr
        0xD280_09A6,  // movz x6, #77
        0x1400_0000,  // b    .
        0xD2A8_1004,  // second: movz x4, #0x4080, lsl #16
        0x5280_0025,  // movz w5, #1
        0xB900_0085,  // str  w5, [x4]
        0x1400_0000,  // b    .
    ]

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
    static let onAndOff: [UInt32] = [
        0xD280_0060,  // movz x0, #3
        0xF2B8_8000,  // movk x0, #0xc400, lsl #16: PSCI CPU_ON
        0xD280_0021,  // movz x1, #1
        0x1000_0082,  // adr  x2, second
        0xD400_0002,  // hvc  #0
        0x1400_0000,  // b    .
        0xD503_201F,  // nop
        0xD280_0040,  // second: movz x0, #2
        0xF2B0_8000,  // movk x0, #0x8400, lsl #16: PSCI CPU_OFF
        0xD400_0002,  // hvc  #0
    ]

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
