import GDBStub
import TestSupport
import Testing
import VirtualMachine

@Suite("The same guest runs the same way, debugger or not")
struct DeterminismTests {
    /// Mixes eight million readings of the counter into x5 and powers off: one instruction more or less anywhere shows.
    static let program: [UInt32] = [
        0xD2A0_1001,  // movz x1, #0x80, lsl #16
        0xAA1F_03E0,  // mov  x0, xzr
        0xD53B_E042,  // mrs  x2, cntvct_el0
        0xCA02_0000,  // eor  x0, x0, x2
        0x93C0_1C00,  // ror  x0, x0, #7
        0x8B01_0000,  // add  x0, x0, x1
        0xF100_0421,  // subs x1, x1, #1
        0x54FF_FF61,  // b.ne to the mrs
        0xAA00_03E5,  // mov  x5, x0
        0xD280_0100,  // mov  x0, #8
        0xF2B0_8000,  // movk x0, #0x8400, lsl #16: PSCI SYSTEM_OFF
        0xD400_0002,  // hvc  #0
    ]

    @Test("breakpoints, steps and pauses don't move a guest in time")
    func undisturbed() throws {
        let reference = try Guest(Self.program)
        #expect(reference.resume(.continue) == .poweredOff(status: 0))

        var random = SeededRandom(seed: SeededRandom.chosenSeed)
        let guest = try Guest(Self.program)
        let point = StopPoint(kind: .softwareBreakpoint, address: 0x14, length: 4)
        var hits = 0
        for _ in 0..<100 {
            switch random.next() % 4 {
            case 0:
                try guest.machine.debugTarget.insert(point, vcpu: 0)
                if guest.resume(.continue) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 0)) { hits += 1 }
            case 1:
                guest.machine.debugTarget.removeAllStopPoints()
                guest.machine.control.resumeAll()
                #expect(guest.machine.control.stopAndWait() == .requested, random.comment)
            default:
                #expect(guest.resume(.step) == .stopped(StopEvent(.stepped, vcpu: 0)), random.comment)
            }
        }
        #expect(hits > 0, random.comment)
        // Nor does one that is passed eight million times, because it is bound to another address space.
        _ = try guest.machine.debugTarget.runMonitorCommand("bind", arguments: ["0x14", "asid", "9"], vcpu: 0)
        try guest.machine.debugTarget.insert(point, vcpu: 0)
        #expect(guest.resume(.continue) == .poweredOff(status: 0), random.comment)
        #expect(
            try guest.machine.accelerator.read(.x(5), vcpu: 0) == reference.machine.accelerator.read(.x(5), vcpu: 0),
            random.comment)
    }
}
