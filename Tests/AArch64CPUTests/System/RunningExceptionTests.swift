import AArch64
import Testing

import AArch64CPU

/// Exceptions and interrupts as running code meets them.
@Suite struct RunningExceptionTests {
    typealias Attribute = SystemFixture.Attribute
    typealias Mode = SystemFixture.Mode

    enum Code {
        static let nop: UInt32 = 0xD503_201F
        static let branchToSelf: UInt32 = 0x1400_0000
        static let load: UInt32 = 0xF940_0001  // LDR X1, [X0]
        static let store: UInt32 = 0xF900_0001  // STR X1, [X0]
        static let loadUnprivileged: UInt32 = 0xF840_0801  // LDTR X1, [X0]
        static let storeUnprivileged: UInt32 = 0xF800_0801  // STTR X1, [X0]
        static let loadFromStack: UInt32 = 0xF940_03E1  // LDR X1, [SP]
        static let branchRegister: UInt32 = 0xD61F_0000  // BR X0
        static let count: UInt32 = 0x9100_0694  // ADD X20, X20, #1
        static let loadExclusive: UInt32 = 0xC85F_7C01  // LDXR X1, [X0]
        static let storeExclusive: UInt32 = 0xC802_7C01  // STXR W2, X1, [X0]
    }

    /// A vector that leaves the CPU, so that a test sees the state at its first instruction.
    static func installVectors(_ fixture: SystemFixture) {
        for offset in stride(from: UInt64(0), to: 0x800, by: 0x80) {
            fixture.store(code: [Word.hvc(UInt16(offset))], at: SystemFixture.vectors + offset)
        }
    }

    // MARK: - Faults

    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var code: UInt32
        var mode: Mode = .el1h
        var isMMUOn = true
        /// X0, or SP for the stack.
        var address: UInt64
        /// The descriptor of the page at ``page``.
        var descriptor: UInt64 = 0
        var syndrome: UInt64
        /// FAR_EL1, nil when it isn't written.
        var faultAddress: UInt64?
        /// ELR_EL1, nil for the instruction itself.
        var returnAddress: UInt64?

        var testDescription: String { name }
    }

    static let page = SystemFixture.ram + 0x4_0000
    static let target = SystemFixture.ram + 0x5_0000
    static let uxn: UInt64 = 1 << 54
    static let pxn: UInt64 = 1 << 53

    static let faults: [Fault] = [
        Fault(name: "unmapped load", code: Code.load, address: page + 8, syndrome: 0x9600_0007, faultAddress: page + 8),
        Fault(name: "unmapped store", code: Code.store, address: page, syndrome: 0x9600_0047, faultAddress: page),
        Fault(
            name: "store to read-only", code: Code.store, address: page,
            descriptor: SystemFixture.page(target, Attribute.usual | Attribute.readOnly), syndrome: 0x9600_004F,
            faultAddress: page),
        Fault(
            name: "access flag", code: Code.load, address: page, descriptor: SystemFixture.page(target, 0),
            syndrome: 0x9600_000B, faultAddress: page),
        Fault(
            name: "EL0 load of EL1's page", code: Code.load, mode: .el0t, address: page,
            descriptor: SystemFixture.page(target), syndrome: 0x9200_000F, faultAddress: page),
        Fault(
            name: "LDTR of EL1's page", code: Code.loadUnprivileged, address: page,
            descriptor: SystemFixture.page(target), syndrome: 0x9600_000F, faultAddress: page),
        Fault(
            name: "STTR to EL0's read-only page", code: Code.storeUnprivileged, address: page,
            descriptor: SystemFixture.page(target, Attribute.usual | Attribute.el0 | Attribute.readOnly),
            syndrome: 0x9600_004F, faultAddress: page),
        Fault(
            name: "crossing into an unmapped page", code: Code.load, address: page - 4, syndrome: 0x9600_0007,
            faultAddress: page),
        Fault(
            name: "unaligned Device load", code: Code.load, address: page + 1,
            descriptor: SystemFixture.page(target, Attribute.accessed | Attribute.device), syndrome: 0x9600_0021,
            faultAddress: page + 1),
        Fault(
            name: "unaligned with the MMU off", code: Code.store, isMMUOn: false, address: page + 1,
            syndrome: 0x9600_0061, faultAddress: page + 1),
        Fault(
            name: "nothing answers", code: Code.store, isMMUOn: false, address: 0x9000_0000, syndrome: 0x9600_0050,
            faultAddress: 0x9000_0000),
        Fault(
            name: "not canonical", code: Code.load, address: 0x0100_0000_4004_0000, syndrome: 0x9600_0004,
            faultAddress: 0x0100_0000_4004_0000),
        Fault(
            name: "SP alignment", code: Code.loadFromStack, address: page + 8, descriptor: SystemFixture.page(target),
            syndrome: 0x9A00_0000, faultAddress: nil),
        Fault(
            name: "SP alignment at EL0", code: Code.loadFromStack, mode: .el0t, address: page + 8,
            descriptor: SystemFixture.page(target), syndrome: 0x9A00_0000, faultAddress: nil),
        Fault(
            name: "PC alignment", code: Code.branchRegister, address: page + 2, descriptor: SystemFixture.page(target),
            syndrome: 0x8A00_0000, faultAddress: page + 2, returnAddress: page + 2),
        Fault(
            name: "fetch of an unmapped page", code: Code.branchRegister, address: page, syndrome: 0x8600_0007,
            faultAddress: page, returnAddress: page),
        Fault(
            name: "fetch at EL1 with PXN", code: Code.branchRegister, address: page,
            descriptor: SystemFixture.page(target, Attribute.usual | pxn), syndrome: 0x8600_000F, faultAddress: page,
            returnAddress: page),
        Fault(
            name: "fetch at EL1 of what EL0 can write", code: Code.branchRegister, address: page,
            descriptor: SystemFixture.page(target, Attribute.usual | Attribute.el0), syndrome: 0x8600_000F,
            faultAddress: page, returnAddress: page),
        Fault(
            name: "fetch at EL0 with UXN", code: Code.branchRegister, mode: .el0t, address: page,
            descriptor: SystemFixture.page(target, Attribute.usual | Attribute.el0 | uxn), syndrome: 0x8200_000F,
            faultAddress: page, returnAddress: page),
        Fault(
            name: "fetch where nothing answers", code: Code.branchRegister, isMMUOn: false, address: 0x9000_0000,
            syndrome: 0x8600_0010, faultAddress: 0x9000_0000, returnAddress: 0x9000_0000),
    ]

    @Test(
        "A fault is taken at the instruction, with its syndrome and address, and nothing is changed", arguments: faults)
    func fault(_ expected: Fault) {
        let fixture = SystemFixture()
        Self.installVectors(fixture)
        fixture.store(code: [Code.nop, expected.code, Code.nop])
        if expected.isMMUOn {
            fixture.enableMMU()
            fixture.map(Self.page, expected.descriptor)
            // EL0 must be able to run its code, which EL1 can't then.
            if expected.mode == .el0t {
                fixture.map(
                    SystemFixture.code,
                    SystemFixture.page(SystemFixture.code, Attribute.usual | Attribute.el0 | Attribute.readOnly))
            }
        }
        let cpu = fixture.cpu
        cpu.pstate = 0x2000_0000 | expected.mode.rawValue
        cpu.system.far_el1 = 0x7777
        cpu.setX(0, expected.address)
        cpu.setX(1, 0x55)
        if expected.code == Code.loadFromStack { cpu.sp = expected.address }
        fixture.store(Self.target, 0x1111, 0x2222)
        let exit = cpu.run(budget: 100)
        let group: UInt64 = expected.mode == .el0t ? 0x400 : 0x200
        #expect(exit == .hypercall(.hvc, immediate: UInt16(group)))
        #expect(cpu.system.esr_el1 == expected.syndrome)
        #expect(cpu.system.far_el1 == expected.faultAddress ?? 0x7777)
        #expect(cpu.system.elr_el1 == expected.returnAddress ?? SystemFixture.code + 4)
        #expect(cpu.system.spsr_el1 == 0x2000_0000 | expected.mode.rawValue)
        #expect(cpu.x(1) == 0x55)
        #expect(fixture.cluster.memory.load64(Self.target) == 0x1111)
    }

    @Test("EL0 calls into EL1 and is returned to, on its own stack")
    func systemCalls() {
        let fixture = SystemFixture()
        fixture.store(code: [Code.count, Word.eret], at: SystemFixture.vectors + 0x400)
        fixture.store(code: [Word.svc(0), Word.svc(1), Word.svc(2), Word.hvc(0)])
        Self.installVectorForUndefined(fixture)
        fixture.enter(.el0t)
        fixture.cpu.sp = 0x1230
        // Each SVC takes three instructions; then HVC is UNDEFINED and comes back to itself, again and again.
        _ = fixture.cpu.run(budget: 9)
        #expect(fixture.cpu.x(20) == 3)
        #expect(fixture.cpu.pc == SystemFixture.code + 12)
        #expect(fixture.cpu.pstate == 0x3C0)
        #expect(fixture.cpu.sp == 0x1230)
        #expect(fixture.cpu.system.esr_el1 == 0x5600_0002)
    }

    private static func installVectorForUndefined(_ fixture: SystemFixture) {
        fixture.store(code: [Word.hvc(0x200)], at: SystemFixture.vectors + 0x200)
    }

    @Test("An exception return loses the exclusive reservation")
    func exclusives() {
        for (middle, status) in [(Code.nop, 0), (Word.eret, 1)] as [(UInt32, UInt64)] {
            let fixture = SystemFixture()
            fixture.store(code: [Code.loadExclusive, middle, Code.storeExclusive])
            fixture.cpu.system.elr_el1 = SystemFixture.code + 8
            fixture.cpu.system.spsr_el1 = 0x3C5
            fixture.cpu.setX(0, Self.target)
            _ = fixture.cpu.run(budget: 3)
            #expect(fixture.cpu.x(2) == status)
        }
    }

    // MARK: - Interrupts

    struct Deadline: Sendable {
        var instructionsPerTick: UInt64
        var start: UInt64
        var compareValue: UInt64
        /// How many instructions are executed before the interrupt is taken.
        var executed: UInt64
    }

    static let deadlines: [Deadline] = [
        Deadline(instructionsPerTick: 1, start: 0, compareValue: 1, executed: 1),
        Deadline(instructionsPerTick: 1, start: 0, compareValue: 777, executed: 777),
        Deadline(instructionsPerTick: 8, start: 0, compareValue: 1, executed: 8),
        Deadline(instructionsPerTick: 8, start: 3, compareValue: 1, executed: 5),
        Deadline(instructionsPerTick: 8, start: 8_000_001, compareValue: 1_000_100, executed: 799),
        Deadline(instructionsPerTick: 16, start: 100, compareValue: 7, executed: 12),
        Deadline(instructionsPerTick: 8, start: 80, compareValue: 10, executed: 0),
        Deadline(instructionsPerTick: 8, start: 800, compareValue: 10, executed: 0),
    ]

    @Test(
        "A timer interrupt is taken before the first instruction that sees its compare value", arguments: deadlines,
        [UInt64.max, 100, 7, 1])
    func timerInterrupt(_ expected: Deadline, slice: UInt64) {
        var configuration = CPUConfiguration()
        configuration.instructionsPerTick = expected.instructionsPerTick
        let fixture = SystemFixture(configuration: configuration)
        Self.installVectors(fixture)
        fixture.store(code: Array(repeating: Code.nop, count: 4096))
        fixture.environment.onTimer = { [unowned fixture] _, level, _ in
            fixture.cpu.setInterruptLines(irq: level, fiq: false)
        }
        let cpu = fixture.cpu
        cpu.pstate = 0x345
        cpu.system.timers.virtual.compareValue = expected.compareValue
        cpu.system.timers.virtual.isEnabled = true
        fixture.cluster.timeBase = expected.start
        var total: UInt64 = 0
        var exit = CPUExit.budget
        while exit == .budget && total < 10_000 {
            exit = cpu.run(budget: min(slice, 10_000))
            total += cpu.executedInRun
            fixture.cluster.timeBase += cpu.executedInRun
        }
        #expect(exit == .hypercall(.hvc, immediate: 0x280))
        #expect(cpu.system.elr_el1 == SystemFixture.code + 4 * expected.executed)
        #expect(total == expected.executed + 1, "and the HVC at the vector")
        #expect(cpu.system.spsr_el1 == 0x345)
    }

    @Test("An interrupt that an instruction raises or unmasks is taken right behind it")
    func promptness() {
        let device: UInt64 = 0x9000_0000
        let priorityMask = SystemRegisterEncoding(3, 0, 4, 6, 0)
        for (word, pending) in [
            (Code.store, false), (Word.daifClr(2), true), (Word.msr(.daif, 1), true), (Word.msr(priorityMask, 1), true),
            (Word.msr(.cntvCTL, 3), false),
        ] {
            let fixture = SystemFixture()
            Self.installVectors(fixture)
            fixture.store(code: [Code.nop, word, Code.nop, Code.nop])
            let cpu = fixture.cpu
            fixture.environment.onWrite = { [unowned fixture] _, _ in
                fixture.cpu.setInterruptLines(irq: true, fiq: false)
                return true
            }
            fixture.environment.onTimer = { [unowned fixture] _, level, _ in
                fixture.cpu.setInterruptLines(irq: level, fiq: false)
            }
            fixture.environment.systemRegisters[priorityMask.rawValue] = 0
            fixture.environment.onSystemWrite = { [unowned fixture] in
                fixture.cpu.setInterruptLines(irq: true, fiq: false)
            }
            let isUnmasked = word == Code.store || word == Word.msr(priorityMask, 1) || word == Word.msr(.cntvCTL, 3)
            cpu.pstate = isUnmasked ? 0x345 : 0x3C5
            cpu.setX(0, device)
            cpu.setX(3, 1)
            if pending && !isUnmasked { cpu.setInterruptLines(irq: true, fiq: false) }
            #expect(cpu.run(budget: 10) == .hypercall(.hvc, immediate: 0x280))
            #expect(cpu.system.elr_el1 == SystemFixture.code + 8)
            #expect(cpu.executedInRun == 3)
        }
    }

    @Test("WFI ends the run, and the timer's deadline is when it goes on")
    func waiting() {
        let fixture = SystemFixture()
        Self.installVectors(fixture)
        fixture.store(code: [Code.nop, Word.wfi, Code.nop, Word.daifClr(2), Code.nop])
        fixture.environment.onTimer = { [unowned fixture] _, level, _ in
            fixture.cpu.setInterruptLines(irq: level, fiq: false)
        }
        let cpu = fixture.cpu
        cpu.system.timers.physical.compareValue = 1_000_000
        cpu.system.timers.physical.isEnabled = true
        #expect(cpu.run(budget: 1000) == .waitForInterrupt)
        #expect(cpu.executedInRun == 2)
        #expect(cpu.pc == SystemFixture.code + 8)
        fixture.cluster.timeBase += 2
        #expect(cpu.timerDeadline() == 8_000_000)
        fixture.cluster.timeBase = cpu.timerDeadline()
        // Woken with the interrupt masked: it is taken once it is unmasked.
        #expect(cpu.run(budget: 1000) == .hypercall(.hvc, immediate: 0x280))
        #expect(cpu.system.elr_el1 == SystemFixture.code + 16)
        #expect(cpu.counterValue == 1_000_000)
    }

    // MARK: - Steps

    struct Step: Sendable, CustomTestStringConvertible {
        var name: String
        var word: UInt32
        /// PC, relative to the code unless it is a vector, and PSTATE afterwards.
        var pc: UInt64
        var pstate: UInt64
        var spsr: UInt64 = 0x185

        var testDescription: String { name }
    }

    static let steps: [Step] = [
        Step(name: "NOP", word: Code.nop, pc: SystemFixture.code + 4, pstate: 0x345),
        Step(name: "MSR DAIFClr", word: Word.daifClr(0xF), pc: SystemFixture.code + 4, pstate: 0x005),
        Step(name: "MSR DAIFSet", word: Word.daifSet(2), pc: SystemFixture.code + 4, pstate: 0x3C5),
        Step(name: "MRS DAIF", word: Word.mrs(.daif, 1), pc: SystemFixture.code + 4, pstate: 0x345),
        Step(name: "ERET", word: Word.eret, pc: SystemFixture.code + 0x40, pstate: 0x185),
        Step(name: "SVC", word: Word.svc(0), pc: SystemFixture.vectors + 0x200, pstate: 0x3C5, spsr: 0x345),
        Step(name: "BRK", word: Word.brk(0), pc: SystemFixture.vectors + 0x200, pstate: 0x3C5, spsr: 0x345),
        Step(name: "WFI", word: Word.wfi, pc: SystemFixture.code + 4, pstate: 0x345),
    ]

    @Test("A step holds a pending interrupt off, and the guest can't tell", arguments: steps)
    func step(_ expected: Step) {
        let fixture = SystemFixture()
        Self.installVectors(fixture)
        fixture.store(code: [expected.word])
        let cpu = fixture.cpu
        cpu.pstate = 0x345
        cpu.system.spsr_el1 = 0x185
        cpu.system.elr_el1 = SystemFixture.code + 0x40
        cpu.setInterruptLines(irq: true, fiq: false)
        #expect(cpu.step() == .stepped)
        #expect(cpu.pc == expected.pc)
        #expect(cpu.pstate == expected.pstate)
        #expect(cpu.system.spsr_el1 == expected.spsr)
        if expected.word == Word.mrs(.daif, 1) { #expect(cpu.x(1) == 0x340) }
    }

    @Test("A guest's BRK stops only when the debugger catches these, and then in front of it")
    func caughtBreakpoint() {
        let fixture = SystemFixture()
        fixture.store(code: [Code.nop, Word.brk(0x800)])
        fixture.cluster.catchesGuestBreakpoints = true
        #expect(fixture.cpu.run(budget: 10) == .guestBreakpoint(comment: 0x800))
        #expect(fixture.cpu.pc == SystemFixture.code + 4)
        #expect(fixture.cpu.executedInRun == 1)
        #expect(fixture.cpu.system.esr_el1 == 0)
    }

    @Test("A reset reports timer outputs that fall and leaves the controller's lines")
    func reset() {
        let fixture = SystemFixture()
        let cpu = fixture.cpu
        cpu.setX(0, 1)
        fixture.execute(Word.msr(.cntpCTL))
        cpu.setInterruptLines(irq: false, fiq: true)
        cpu.setSErrorPending()
        cpu.system.sctlr_el1 |= 1
        cpu.resetSystemRegisters()
        #expect(fixture.environment.timerLevels.map(\.level) == [true, false])
        #expect(cpu.system.pendingInterrupts == .fiq)
        #expect(cpu.system.sctlr_el1 == SystemRegisters.sctlrReset)
    }
}
