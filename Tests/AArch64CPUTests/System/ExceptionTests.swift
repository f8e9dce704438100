import AArch64
import Testing

import AArch64CPU

/// The state each exception leaves, from each mode.
@Suite struct ExceptionTests {
    typealias Mode = SystemFixture.Mode

    struct Cause: Sendable, CustomTestStringConvertible {
        var name: String
        var instruction: UInt32
        /// ESR_EL1 from EL1 and from EL0.
        var syndrome: (el1: UInt64, el0: UInt64)
        /// The offset of ELR_EL1 from the instruction.
        var returnOffset: UInt64 = 0

        var testDescription: String { name }

        init(_ name: String, _ instruction: UInt32, _ syndrome: UInt64, el0: UInt64? = nil, returnOffset: UInt64 = 0) {
            self.name = name
            self.instruction = instruction
            self.syndrome = (syndrome, el0 ?? syndrome)
            self.returnOffset = returnOffset
        }
    }

    static let undefined: UInt64 = 0x0200_0000

    /// Instructions that raise an exception at both levels.
    static let causes: [Cause] = [
        Cause("SVC #0x1234", Word.svc(0x1234), 0x5600_1234, returnOffset: 4),
        Cause("BRK #0xFFFF", Word.brk(0xFFFF), 0xF200_FFFF),
        Cause("HLT #1", Word.hlt(1), undefined),
        Cause("HLT #0xF000 without semihosting", Word.hlt(0xF000), undefined),
        Cause("DCPS1", Word.dcps1, undefined),
        Cause("DRPS", Word.drps, undefined),
        Cause("UDF #0", 0, undefined),
        Cause("MSR PAN", Word.pan(1), undefined),
        Cause("MSR UAO", Word.uao(1), undefined),
        Cause("SYSL X0, #0, C7, C0, #0", 0xD528_7000, undefined),
        Cause("ERETAA", 0xD69F_0BFF, undefined),
        Cause("MSR to MIDR_EL1", Word.msr(.midr), undefined),
        Cause("TLBI ALLE1", Word.sys(4, 8, 7, 4), undefined),
        Cause("TLBI VMALLE1OS", Word.sys(0, 8, 1, 0), undefined),
        Cause("TLBI RVAE1", Word.sys(0, 8, 6, 1), undefined),
        Cause("AT S12E1R", Word.sys(4, 7, 8, 4), undefined),
        Cause("AT S1E1RP", Word.sys(0, 7, 9, 0), undefined),
        Cause("DC CVAP", Word.sys(3, 7, 12, 1), undefined),
        Cause("DC GVA", Word.sys(3, 7, 4, 3), undefined),
        Cause("SYS #7, C15, C15, #7", Word.sys(7, 15, 15, 7), undefined),
    ]

    /// Where a synchronous exception from a mode goes, relative to VBAR_EL1.
    static func group(_ mode: Mode) -> UInt64 {
        switch mode {
        case .el1t: 0x000
        case .el1h: 0x200
        case .el0t: 0x400
        }
    }

    @Test(
        "An instruction's exception leaves ELR, SPSR, ESR, PSTATE and PC as the architecture has them",
        arguments: causes, Mode.allCases)
    func synchronous(cause: Cause, mode: Mode) {
        let fixture = SystemFixture()
        let cpu = fixture.cpu
        cpu.system.far_el1 = 0x7777
        cpu.pstate = 0x6000_0000 | mode.rawValue
        fixture.execute(cause.instruction)
        #expect(cpu.pc == SystemFixture.vectors + Self.group(mode))
        #expect(cpu.system.elr_el1 == SystemFixture.code + cause.returnOffset)
        #expect(cpu.system.spsr_el1 == 0x6000_0000 | mode.rawValue)
        #expect(cpu.pstate == 0x6000_03C5, "NZCV kept, DAIF set, EL1h")
        #expect(cpu.system.esr_el1 == (mode == .el0t ? cause.syndrome.el0 : cause.syndrome.el1))
        #expect(cpu.system.far_el1 == 0x7777, "none of these has a fault address")
    }

    struct Abort: Sendable, CustomTestStringConvertible {
        var name: String
        var exception: GuestException
        var syndrome: (el1: UInt64, el0: UInt64)
        var faultAddress: UInt64?

        var testDescription: String { name }
    }

    static let fault = MemoryFault(status: 0b000111, virtualAddress: 0xFFFF_0000_1234_5679)
    static let external = MemoryFault(status: MemoryFault.synchronousExternalAbort, virtualAddress: 0x8000_0001)

    static let aborts: [Abort] = [
        Abort(name: "undefined", exception: .undefined, syndrome: (0x0200_0000, 0x0200_0000), faultAddress: nil),
        Abort(
            name: "instruction abort", exception: .instructionAbort(fault), syndrome: (0x8600_0007, 0x8200_0007),
            faultAddress: fault.virtualAddress),
        Abort(
            name: "data abort on a read", exception: .dataAbort(fault, isWrite: false),
            syndrome: (0x9600_0007, 0x9200_0007), faultAddress: fault.virtualAddress),
        Abort(
            name: "data abort on a write", exception: .dataAbort(fault, isWrite: true),
            syndrome: (0x9600_0047, 0x9200_0047), faultAddress: fault.virtualAddress),
        Abort(
            name: "external abort", exception: .dataAbort(external, isWrite: false),
            syndrome: (0x9600_0010, 0x9200_0010), faultAddress: external.virtualAddress),
        Abort(
            name: "PC alignment", exception: .programCounterAlignment(0x4001_0002),
            syndrome: (0x8A00_0000, 0x8A00_0000), faultAddress: 0x4001_0002),
        Abort(
            name: "SP alignment", exception: .stackPointerAlignment, syndrome: (0x9A00_0000, 0x9A00_0000),
            faultAddress: nil),
    ]

    @Test("A fault the engine finds is reported with its class, status and address", arguments: aborts, Mode.allCases)
    func fault(abort: Abort, mode: Mode) {
        let fixture = SystemFixture()
        let cpu = fixture.cpu
        cpu.system.far_el1 = 0x7777
        cpu.pstate = mode.rawValue
        cpu.take(abort.exception)
        #expect(cpu.pc == SystemFixture.vectors + Self.group(mode))
        #expect(cpu.system.elr_el1 == SystemFixture.code)
        #expect(cpu.system.esr_el1 == (mode == .el0t ? abort.syndrome.el0 : abort.syndrome.el1))
        #expect(cpu.system.far_el1 == abort.faultAddress ?? 0x7777)
        #expect(cpu.pstate == 0x3C5)
    }

    @Test("Each level's stack pointer is its own across an exception and back")
    func stackPointers() {
        let fixture = SystemFixture()
        let cpu = fixture.cpu
        fixture.enter(.el1h)
        cpu.sp = 0x1000
        fixture.enter(.el0t)
        cpu.sp = 0x2000
        fixture.execute(Word.svc(0))
        #expect(cpu.sp == 0x1000)
        cpu.sp = 0x0FF0
        #expect(cpu.bankedSP(0) == 0x2000)
        fixture.execute(Word.eret)
        #expect(cpu.sp == 0x2000)
        #expect(cpu.bankedSP(1) == 0x0FF0)
    }

    // MARK: - Calls that leave the CPU

    @Test(
        "HVC and SMC leave the CPU from EL1 with PC after them, and are UNDEFINED at EL0",
        arguments: [
            (Word.hvc(0x12), CPUExit.hypercall(.hvc, immediate: 0x12)),
            (Word.smc(0xFFFF), CPUExit.hypercall(.smc, immediate: 0xFFFF)),
        ])
    func hypercall(word: UInt32, exit: CPUExit) {
        for mode in Mode.allCases {
            let fixture = SystemFixture()
            fixture.enter(mode)
            let result = fixture.execute(word)
            if mode == .el0t {
                #expect(result == nil)
                #expect(fixture.cpu.system.esr_el1 == Self.undefined)
                #expect(fixture.cpu.system.elr_el1 == SystemFixture.code)
            } else {
                #expect(result == exit)
                #expect(fixture.cpu.pc == SystemFixture.code + 4)
                #expect(fixture.cpu.system.esr_el1 == 0)
            }
        }
    }

    @Test("HLT #0xF000 is a semihosting call at EL1 when that is on, and no other HLT is")
    func semihosting() {
        var configuration = CPUConfiguration()
        configuration.semihosting = true
        let cases: [(UInt16, Mode, CPUExit?)] = [
            (0xF000, .el1h, .semihosting), (0xF000, .el1t, .semihosting), (0xF000, .el0t, nil), (0xF001, .el1h, nil),
        ]
        for (immediate, mode, exit) in cases {
            let fixture = SystemFixture(configuration: configuration)
            fixture.enter(mode)
            #expect(fixture.execute(Word.hlt(immediate)) == exit)
            #expect(fixture.cpu.pc == (exit == nil ? SystemFixture.vectors + Self.group(mode) : SystemFixture.code + 4))
        }
    }

    // MARK: - Interrupts

    struct Interrupt: Sendable {
        var irq = false
        var fiq = false
        var sError = false
        var masks: UInt64
        /// The vector's offset in its group, nil when none is taken.
        var vector: UInt64?
    }

    static let interrupts: [Interrupt] = [
        Interrupt(masks: 0, vector: nil),
        Interrupt(irq: true, masks: 0x000, vector: 0x080),
        Interrupt(irq: true, masks: 0x080, vector: nil),
        Interrupt(irq: true, masks: 0x340, vector: 0x080),
        Interrupt(fiq: true, masks: 0x000, vector: 0x100),
        Interrupt(fiq: true, masks: 0x040, vector: nil),
        Interrupt(irq: true, fiq: true, masks: 0x000, vector: 0x100),
        Interrupt(irq: true, fiq: true, masks: 0x040, vector: 0x080),
        Interrupt(irq: true, fiq: true, masks: 0x0C0, vector: nil),
        Interrupt(sError: true, masks: 0x000, vector: 0x180),
        Interrupt(sError: true, masks: 0x100, vector: nil),
        Interrupt(irq: true, fiq: true, sError: true, masks: 0x000, vector: 0x180),
        Interrupt(irq: true, sError: true, masks: 0x100, vector: 0x080),
    ]

    @Test(
        "The unmasked interrupt of the highest priority is taken, at EL0 as at EL1", arguments: interrupts,
        Mode.allCases)
    func interrupt(_ expected: Interrupt, mode: Mode) {
        let fixture = SystemFixture()
        let cpu = fixture.cpu
        cpu.system.esr_el1 = 0x1234
        cpu.pstate = expected.masks | mode.rawValue
        cpu.setInterruptLines(irq: expected.irq, fiq: expected.fiq)
        if expected.sError { cpu.setSErrorPending() }
        #expect(cpu.takeInterruptIfPending() == (expected.vector != nil))
        guard let vector = expected.vector else {
            #expect(cpu.pc == SystemFixture.code)
            return
        }
        #expect(cpu.pc == SystemFixture.vectors + Self.group(mode) + vector)
        #expect(cpu.system.elr_el1 == SystemFixture.code)
        #expect(cpu.system.spsr_el1 == expected.masks | mode.rawValue)
        #expect(cpu.pstate == 0x3C5)
        #expect(cpu.system.esr_el1 == (vector == 0x180 ? 0xBE00_0000 : 0x1234), "only SError has a syndrome")
        #expect(!cpu.takeInterruptIfPending(), "the handler has them masked")
    }

    @Test("An SError is taken once; a line stays pending until it falls")
    func consumption() {
        let fixture = SystemFixture()
        fixture.cpu.pstate = 5
        fixture.cpu.setSErrorPending()
        fixture.cpu.setInterruptLines(irq: true, fiq: false)
        #expect(fixture.cpu.takeInterruptIfPending())
        #expect(fixture.cpu.system.pendingInterrupts == .irq)
        fixture.cpu.setInterruptLines(irq: false, fiq: false)
        #expect(!fixture.cpu.hasPendingInterrupt)
    }

    @Test("ISR_EL1 shows pending interrupts, masked or not")
    func interruptStatus() {
        let fixture = SystemFixture()
        fixture.cpu.setInterruptLines(irq: true, fiq: true)
        fixture.cpu.setSErrorPending()
        fixture.execute(Word.mrs(.isr))
        #expect(fixture.cpu.x(0) == 0x1C0)
    }
}
