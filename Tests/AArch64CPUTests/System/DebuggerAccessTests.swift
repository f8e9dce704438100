import AArch64
import Testing

import AArch64CPU

@Suite struct DebuggerAccessTests {
    typealias Failure = SystemRegisterAccessError

    @Test("Every register that can be read can be read from any mode", arguments: SystemFixture.Mode.allCases)
    func readAll(mode: SystemFixture.Mode) throws {
        let fixture = SystemFixture()
        fixture.enter(mode)
        for row in ImplementedRegisters.of(.base).rows where row.access.canRead {
            _ = try fixture.cpu.debuggerRead(row.encoding)
        }
        #expect(fixture.cpu.pc == SystemFixture.code, "nothing was trapped")
    }

    @Test("Writes act as MSR at EL1 does: masks, banks and effects")
    func write() throws {
        let fixture = SystemFixture()
        let cpu = fixture.cpu
        fixture.enter(.el0t)
        cpu.sp = 0x1000
        try cpu.debuggerWrite(.vbar, .max)
        #expect(cpu.system.vbar_el1 == ~0x7FF)
        try cpu.debuggerWrite(.spEL0, 0x2000)
        #expect(cpu.sp == 0x2000)
        try cpu.debuggerWrite(.spEL1, 0x3000)
        #expect(try cpu.debuggerRead(.spEL1) == 0x3000)
        #expect(cpu.bankedSP(1) == 0x3000)
        try cpu.debuggerWrite(.cntvCTL, 1)
        #expect(fixture.environment.timerLevels.map(\.level) == [true])
    }

    static let refusals: [(SystemRegisterEncoding, read: Failure?, write: Failure?)] = [
        (.midr, nil, .readOnly), (.idAA64PFR0, nil, .readOnly), (.isr, nil, .readOnly), (.cntvct, nil, .readOnly),
        (.oslar, .writeOnly, nil),
        (SystemRegisterEncoding(3, 4, 1, 1, 0), .notImplemented, .notImplemented),
        (.pan, .notImplemented, .notImplemented),
        (SystemRegisterEncoding(1, 0, 8, 7, 0), .notImplemented, .notImplemented),  // TLBI, not a register
        // ICC_IAR0_EL1, ICC_IAR1_EL1: reading acknowledges.
        (SystemRegisterEncoding(3, 0, 12, 8, 0), .hasSideEffects, .readOnly),
        (SystemRegisterEncoding(3, 0, 12, 12, 0), .hasSideEffects, .readOnly),
        // ICC_EOIR1_EL1, ICC_DIR_EL1, ICC_SGI1R_EL1: writing does something.
        (SystemRegisterEncoding(3, 0, 12, 12, 1), .writeOnly, .hasSideEffects),
        (SystemRegisterEncoding(3, 0, 12, 11, 1), .writeOnly, .hasSideEffects),
        (SystemRegisterEncoding(3, 0, 12, 11, 5), .writeOnly, .hasSideEffects),
        // An encoding in the GIC's range that the environment doesn't know.
        (SystemRegisterEncoding(3, 0, 12, 15, 7), .notImplemented, .notImplemented),
    ]

    @Test("What can't be accessed is refused with the reason", arguments: refusals)
    func refuse(register: SystemRegisterEncoding, read: Failure?, write: Failure?) {
        let fixture = SystemFixture()
        #expect(failure { _ = try fixture.cpu.debuggerRead(register) } == read)
        #expect(failure { try fixture.cpu.debuggerWrite(register, 0) } == write)
    }

    private func failure(_ body: () throws -> Void) -> Failure? {
        do {
            try body()
            return nil
        } catch {
            return error as? Failure
        }
    }

    @Test("The GIC's registers without side effects are the environment's")
    func interruptController() throws {
        let fixture = SystemFixture()
        let priorityMask = SystemRegisterEncoding(3, 0, 4, 6, 0)
        fixture.environment.systemRegisters = [priorityMask.rawValue: 0x80]
        #expect(try fixture.cpu.debuggerRead(priorityMask) == 0x80)
        try fixture.cpu.debuggerWrite(priorityMask, 0xF0)
        #expect(fixture.environment.systemRegisters[priorityMask.rawValue] == 0xF0)
    }

    @Test(
        "A cpsr that names no mode of this machine is refused and changes nothing",
        arguments: [0x10, 0x8, 0x9, 0xC, 0x1, 0x2] as [UInt32])
    func refusedPSTATE(cpsr: UInt32) {
        let fixture = SystemFixture()
        fixture.cpu.sp = 0x1000
        #expect(throws: PSTATEError.self) { try fixture.cpu.debuggerWritePSTATE(cpsr) }
        #expect(fixture.cpu.pstate == 0x3C5)
        #expect(fixture.cpu.sp == 0x1000)
    }

    @Test("A cpsr that is accepted selects mode, flags and stack pointer, and not IL or SS")
    func writtenPSTATE() throws {
        let fixture = SystemFixture()
        fixture.cpu.sp = 0x1000
        fixture.cpu.setBankedSP(0, 0x2000)
        try fixture.cpu.debuggerWritePSTATE(0x9030_0000)
        #expect(fixture.cpu.pstate == 0x9000_0000)
        #expect(fixture.cpu.sp == 0x2000)
        #expect(fixture.cpu.exceptionLevel == 0)
    }
}
