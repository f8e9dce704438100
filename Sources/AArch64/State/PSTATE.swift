/// The process state, in the format of SPSR_EL1 for an exception taken from AArch64 state.
///
/// All 64 bits are kept: the high half holds state of newer extensions, and GDB's 32-bit `cpsr` is only the low half.
/// Arm ARM, DDI 0487, C5.2 "SPSR_EL1, Saved Program Status Register (EL1)".
public struct PSTATE: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The state a vCPU at EL1 resets to: EL1h with all of DAIF masked (`AArch64.TakeReset`).
    public static let reset = PSTATE(rawValue: 0x3c5)

    /// The bits of each field.
    public enum Bits {
        public static let negative = 31
        public static let zero = 30
        public static let carry = 29
        public static let overflow = 28
        public static let tagCheckOverride = 25
        public static let dataIndependentTiming = 24
        public static let userAccessOverride = 23
        public static let privilegedAccessNever = 22
        public static let softwareStep = 21
        public static let illegalExecution = 20
        public static let allInterruptsMasked = 13
        public static let speculativeStoreBypassSafe = 12
        public static let branchType = 10...11
        public static let debugMasked = 9
        public static let sErrorMasked = 8
        public static let irqMasked = 7
        public static let fiqMasked = 6
        public static let registerWidth = 4
        public static let mode = 0...4
        public static let exceptionLevel = 2...3
        public static let stackPointerSelect = 0
    }

    /// N, Z, C and V as the mask of their bits.
    public static let conditionFlagsMask: UInt64 = 0xf000_0000
    /// D, A, I and F as the mask of their bits.
    public static let daifMask: UInt64 = 0x3c0

    // Condition flags.

    @inlinable public var n: Bool {
        get { rawValue[bit: Bits.negative] }
        set { rawValue[bit: Bits.negative] = newValue }
    }
    @inlinable public var z: Bool {
        get { rawValue[bit: Bits.zero] }
        set { rawValue[bit: Bits.zero] = newValue }
    }
    @inlinable public var c: Bool {
        get { rawValue[bit: Bits.carry] }
        set { rawValue[bit: Bits.carry] = newValue }
    }
    @inlinable public var v: Bool {
        get { rawValue[bit: Bits.overflow] }
        set { rawValue[bit: Bits.overflow] = newValue }
    }
    /// N:Z:C:V as four bits.
    @inlinable public var nzcv: UInt8 {
        get { UInt8(truncatingIfNeeded: rawValue[bits: 28...31]) }
        set { rawValue[bits: 28...31] = UInt64(newValue) }
    }

    // Exception masks.

    @inlinable public var d: Bool {
        get { rawValue[bit: Bits.debugMasked] }
        set { rawValue[bit: Bits.debugMasked] = newValue }
    }
    @inlinable public var a: Bool {
        get { rawValue[bit: Bits.sErrorMasked] }
        set { rawValue[bit: Bits.sErrorMasked] = newValue }
    }
    @inlinable public var i: Bool {
        get { rawValue[bit: Bits.irqMasked] }
        set { rawValue[bit: Bits.irqMasked] = newValue }
    }
    @inlinable public var f: Bool {
        get { rawValue[bit: Bits.fiqMasked] }
        set { rawValue[bit: Bits.fiqMasked] = newValue }
    }
    /// D:A:I:F as four bits.
    @inlinable public var daif: UInt8 {
        get { UInt8(truncatingIfNeeded: rawValue[bits: 6...9]) }
        set { rawValue[bits: 6...9] = UInt64(newValue) }
    }
    @inlinable public var allint: Bool {
        get { rawValue[bit: Bits.allInterruptsMasked] }
        set { rawValue[bit: Bits.allInterruptsMasked] = newValue }
    }

    // Execution state.

    /// The Exception level of an AArch64 state.
    @inlinable public var el: ExceptionLevel {
        get { ExceptionLevel(rawValue: UInt8(truncatingIfNeeded: rawValue[bits: Bits.exceptionLevel])) ?? .el0 }
        set { rawValue[bits: Bits.exceptionLevel] = UInt64(newValue.rawValue) }
    }
    /// PSTATE.SP: false selects SP_EL0 at every Exception level.
    @inlinable public var sp: Bool {
        get { rawValue[bit: Bits.stackPointerSelect] }
        set { rawValue[bit: Bits.stackPointerSelect] = newValue }
    }
    /// Whether `sp` names SP_ELx of the current Exception level rather than SP_EL0.
    ///
    /// EL0 always has SP_EL0; EL1 has SP_EL1 only with PSTATE.SP set (Arm ARM, "Stack pointer registers").
    @inlinable public var usesSPx: Bool { sp && el != .el0 }
    /// PSTATE.nRW: AArch32 state.
    @inlinable public var isAArch32: Bool {
        get { rawValue[bit: Bits.registerWidth] }
        set { rawValue[bit: Bits.registerWidth] = newValue }
    }
    @inlinable public var ss: Bool {
        get { rawValue[bit: Bits.softwareStep] }
        set { rawValue[bit: Bits.softwareStep] = newValue }
    }
    @inlinable public var il: Bool {
        get { rawValue[bit: Bits.illegalExecution] }
        set { rawValue[bit: Bits.illegalExecution] = newValue }
    }

    // Extensions.

    @inlinable public var pan: Bool {
        get { rawValue[bit: Bits.privilegedAccessNever] }
        set { rawValue[bit: Bits.privilegedAccessNever] = newValue }
    }
    @inlinable public var uao: Bool {
        get { rawValue[bit: Bits.userAccessOverride] }
        set { rawValue[bit: Bits.userAccessOverride] = newValue }
    }
    @inlinable public var dit: Bool {
        get { rawValue[bit: Bits.dataIndependentTiming] }
        set { rawValue[bit: Bits.dataIndependentTiming] = newValue }
    }
    @inlinable public var tco: Bool {
        get { rawValue[bit: Bits.tagCheckOverride] }
        set { rawValue[bit: Bits.tagCheckOverride] = newValue }
    }
    @inlinable public var ssbs: Bool {
        get { rawValue[bit: Bits.speculativeStoreBypassSafe] }
        set { rawValue[bit: Bits.speculativeStoreBypassSafe] = newValue }
    }
    @inlinable public var btype: UInt8 {
        get { UInt8(truncatingIfNeeded: rawValue[bits: Bits.branchType]) }
        set { rawValue[bits: Bits.branchType] = UInt64(newValue) }
    }

    /// What a person calls the mode, such as `EL1h`.
    public var modeName: String {
        if isAArch32 { return "AArch32" }
        let suffix = sp ? "h" : "t"
        return "EL\(el.rawValue)\(suffix)"
    }
}
