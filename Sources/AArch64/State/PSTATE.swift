/// Process state, PSTATE, in the format of SPSR_EL1 for an exception taken from AArch64 state.
///
/// All 64 bits are kept. The upper half holds state of newer extensions; GDB's 32-bit `cpsr` is the lower half only.
/// Arm ARM, DDI 0487, C5.2 "SPSR_EL1, Saved Program Status Register (EL1)".
public struct PSTATE: RawRepresentable, Hashable, Sendable {
    /// The value in the format of SPSR_EL1.
    public var rawValue: UInt64

    /// Creates a state from a value in the format of SPSR_EL1.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The state after a reset to EL1: EL1h with D, A, I and F masked (Arm pseudocode, `AArch64.TakeReset`).
    public static let reset = PSTATE(rawValue: 0x3c5)

    /// The bit positions of the fields.
    public enum Bits {
        /// N.
        public static let negative = 31
        /// Z.
        public static let zero = 30
        /// C.
        public static let carry = 29
        /// V.
        public static let overflow = 28
        /// TCO.
        public static let tagCheckOverride = 25
        /// DIT.
        public static let dataIndependentTiming = 24
        /// UAO.
        public static let userAccessOverride = 23
        /// PAN.
        public static let privilegedAccessNever = 22
        /// SS.
        public static let softwareStep = 21
        /// IL.
        public static let illegalExecution = 20
        /// ALLINT.
        public static let allInterruptsMasked = 13
        /// SSBS.
        public static let speculativeStoreBypassSafe = 12
        /// BTYPE.
        public static let branchType = 10...11
        /// D.
        public static let debugMasked = 9
        /// A.
        public static let sErrorMasked = 8
        /// I.
        public static let irqMasked = 7
        /// F.
        public static let fiqMasked = 6
        /// nRW, which is M[4].
        public static let registerWidth = 4
        /// M[4:0].
        public static let mode = 0...4
        /// EL, which is M[3:2].
        public static let exceptionLevel = 2...3
        /// SP, which is M[0].
        public static let stackPointerSelect = 0
    }

    /// The mask of N, Z, C and V.
    public static let conditionFlagsMask: UInt64 = 0xf000_0000
    /// The mask of D, A, I and F.
    public static let daifMask: UInt64 = 0x3c0

    // Condition flags.

    /// N: the negative condition flag.
    @inlinable public var n: Bool {
        get { rawValue[bit: Bits.negative] }
        set { rawValue[bit: Bits.negative] = newValue }
    }
    /// Z: the zero condition flag.
    @inlinable public var z: Bool {
        get { rawValue[bit: Bits.zero] }
        set { rawValue[bit: Bits.zero] = newValue }
    }
    /// C: the carry condition flag.
    @inlinable public var c: Bool {
        get { rawValue[bit: Bits.carry] }
        set { rawValue[bit: Bits.carry] = newValue }
    }
    /// V: the overflow condition flag.
    @inlinable public var v: Bool {
        get { rawValue[bit: Bits.overflow] }
        set { rawValue[bit: Bits.overflow] = newValue }
    }
    /// N:Z:C:V in bits 3:0.
    @inlinable public var nzcv: UInt8 {
        get { UInt8(truncatingIfNeeded: rawValue[bits: 28...31]) }
        set { rawValue[bits: 28...31] = UInt64(newValue) }
    }

    // Exception masks.

    /// D: whether Watchpoint, Breakpoint and Software Step exceptions to the current Exception level are masked.
    @inlinable public var d: Bool {
        get { rawValue[bit: Bits.debugMasked] }
        set { rawValue[bit: Bits.debugMasked] = newValue }
    }
    /// A: whether SError exceptions are masked.
    @inlinable public var a: Bool {
        get { rawValue[bit: Bits.sErrorMasked] }
        set { rawValue[bit: Bits.sErrorMasked] = newValue }
    }
    /// I: whether IRQ interrupts are masked.
    @inlinable public var i: Bool {
        get { rawValue[bit: Bits.irqMasked] }
        set { rawValue[bit: Bits.irqMasked] = newValue }
    }
    /// F: whether FIQ interrupts are masked.
    @inlinable public var f: Bool {
        get { rawValue[bit: Bits.fiqMasked] }
        set { rawValue[bit: Bits.fiqMasked] = newValue }
    }
    /// D:A:I:F in bits 3:0.
    @inlinable public var daif: UInt8 {
        get { UInt8(truncatingIfNeeded: rawValue[bits: 6...9]) }
        set { rawValue[bits: 6...9] = UInt64(newValue) }
    }
    /// ALLINT: whether all IRQ and FIQ interrupts are masked (FEAT_NMI).
    @inlinable public var allint: Bool {
        get { rawValue[bit: Bits.allInterruptsMasked] }
        set { rawValue[bit: Bits.allInterruptsMasked] = newValue }
    }

    // Execution state.

    /// The current Exception level, in AArch64 state.
    @inlinable public var el: ExceptionLevel {
        get { ExceptionLevel(rawValue: UInt8(truncatingIfNeeded: rawValue[bits: Bits.exceptionLevel])) ?? .el0 }
        set { rawValue[bits: Bits.exceptionLevel] = UInt64(newValue.rawValue) }
    }
    /// SP: the stack pointer selection; false selects SP_EL0 at every Exception level.
    @inlinable public var sp: Bool {
        get { rawValue[bit: Bits.stackPointerSelect] }
        set { rawValue[bit: Bits.stackPointerSelect] = newValue }
    }
    /// Whether the current stack pointer is the SP_ELx of the current Exception level, not SP_EL0.
    ///
    /// EL0 always uses SP_EL0. EL1 uses SP_EL1 only if PSTATE.SP is set (Arm ARM, "Stack pointer registers").
    @inlinable public var usesSPx: Bool { sp && el != .el0 }
    /// nRW: whether the PE is in AArch32 state.
    @inlinable public var isAArch32: Bool {
        get { rawValue[bit: Bits.registerWidth] }
        set { rawValue[bit: Bits.registerWidth] = newValue }
    }
    /// SS: the software step bit.
    @inlinable public var ss: Bool {
        get { rawValue[bit: Bits.softwareStep] }
        set { rawValue[bit: Bits.softwareStep] = newValue }
    }
    /// IL: the Illegal Execution state bit.
    @inlinable public var il: Bool {
        get { rawValue[bit: Bits.illegalExecution] }
        set { rawValue[bit: Bits.illegalExecution] = newValue }
    }

    // Extensions.

    /// PAN: Privileged Access Never.
    @inlinable public var pan: Bool {
        get { rawValue[bit: Bits.privilegedAccessNever] }
        set { rawValue[bit: Bits.privilegedAccessNever] = newValue }
    }
    /// UAO: User Access Override.
    @inlinable public var uao: Bool {
        get { rawValue[bit: Bits.userAccessOverride] }
        set { rawValue[bit: Bits.userAccessOverride] = newValue }
    }
    /// DIT: Data Independent Timing.
    @inlinable public var dit: Bool {
        get { rawValue[bit: Bits.dataIndependentTiming] }
        set { rawValue[bit: Bits.dataIndependentTiming] = newValue }
    }
    /// TCO: Tag Check Override.
    @inlinable public var tco: Bool {
        get { rawValue[bit: Bits.tagCheckOverride] }
        set { rawValue[bit: Bits.tagCheckOverride] = newValue }
    }
    /// SSBS: Speculative Store Bypass Safe.
    @inlinable public var ssbs: Bool {
        get { rawValue[bit: Bits.speculativeStoreBypassSafe] }
        set { rawValue[bit: Bits.speculativeStoreBypassSafe] = newValue }
    }
    /// BTYPE: the type of the branch that led to the current instruction.
    @inlinable public var btype: UInt8 {
        get { UInt8(truncatingIfNeeded: rawValue[bits: Bits.branchType]) }
        set { rawValue[bits: Bits.branchType] = UInt64(newValue) }
    }

    /// The name of the mode, such as `EL1h`.
    public var modeName: String {
        if isAArch32 { return "AArch32" }
        let suffix = sp ? "h" : "t"
        return "EL\(el.rawValue)\(suffix)"
    }
}
