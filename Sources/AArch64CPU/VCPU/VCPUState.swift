/// The run-time state of one vCPU: one allocation of 8-byte slots at constant offsets.
///
/// A raw pointer keeps the interpreter's loop free of exclusivity checks, and constant offsets let generated code use
/// the same state. ``VCPU/SavedState`` is the part of it that is state between two runs. Reads of XZR come from
/// ``zero`` and writes of it go to ``discard``, so that no operation asks which register it has.
package struct VCPUState {
    let slots: UnsafeMutablePointer<UInt64>

    /// X0–X30 are slots 0–30.
    package static let zero = 31
    /// The current stack pointer; the other one is in ``SystemRegisters``.
    package static let stackPointer = 32
    package static let discard = 33
    package static let programCounter = 34

    // NZCV, lazily: what made the flags, and its operands (see ``FlagsKind``).
    package static let flagsKind = 35
    package static let flagsA = 36
    package static let flagsB = 37
    /// PSTATE in SPSR_EL1's layout, with NZCV zero.
    package static let pstateRest = 38

    // Time: `budget` counts down as blocks are entered; `timeAtZero` is the virtual time when it is zero, `ahead` the
    // instructions of the current block that are charged but not begun.
    package static let budget = 39
    package static let ahead = 40
    package static let timeAtZero = 41
    /// Instructions of the slice that are not part of `budget` yet.
    package static let reserve = 56
    /// Nonzero if the run loop must be left after the current instruction.
    package static let attention = 42

    // The current translation context's tables (see ``TranslationContext``).
    package static let readTLB = 43
    package static let unprivilegedTLB = 44
    package static let jumpCache = 45
    /// 15 where SP must be aligned to be a base register, 0 where not.
    package static let stackAlignmentMask = 46

    /// Nonzero where CPACR_EL1.FPEN traps FP and AdvSIMD at the current exception level.
    package static let floatingPointTrap = 52

    /// The ``VCPU`` this is the state of.
    package static let owner = 47
    /// ``LoopExit``.
    package static let loopExit = 53

    // The exclusive monitor: size in bytes (0: open), physical address, the value that was read.
    package static let exclusiveSize = 48
    package static let exclusiveAddress = 49
    package static let exclusiveLow = 50
    package static let exclusiveHigh = 51

    /// The address of ``CPUCluster/yieldEndsRun``'s storage.
    package static let yieldEndsRun = 54

    /// Holds a shifted or extended operand for the next operation.
    package static let temporary = 55

    /// Slots without a meaning: V0 begins at a multiple of eight slots.
    package static let unused = 57..<64

    /// V0–V31, two slots each, low half first.
    package static let vectors = 64
    package static let fpcr = 128
    package static let fpsr = 129
    /// 64 bytes on their way between V registers and memory.
    package static let transfer = 130
    package static let slotCount = 138

    init() {
        // Aligned for accesses to a whole V register.
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: 8 * Self.slotCount, alignment: 16)
        slots = bytes.bindMemory(to: UInt64.self, capacity: Self.slotCount)
        slots.initialize(repeating: 0, count: Self.slotCount)
    }

    func deallocate() {
        slots.deallocate()
    }

    @inline(__always)
    package subscript(slot: Int) -> UInt64 {
        get { slots[slot] }
        nonmutating set { slots[slot] = newValue }
    }
}
