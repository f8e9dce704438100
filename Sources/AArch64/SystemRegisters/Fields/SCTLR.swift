/// A value of SCTLR_EL1, with the fields that affect execution.
///
/// Arm ARM, DDI 0487, "SCTLR_EL1, System Control Register (EL1)". ``RegisterFields/sctlr`` has all fields.
public struct SCTLR: RawRepresentable, Hashable, Sendable {
    /// The value of the register.
    public var rawValue: UInt64

    /// Creates a value from that of the register.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// M: whether stage 1 address translation is enabled.
    @inlinable public var m: Bool { rawValue[bit: 0] }
    /// A: whether alignment is checked for all data accesses.
    @inlinable public var a: Bool { rawValue[bit: 1] }
    /// C: whether data accesses are cacheable.
    @inlinable public var c: Bool { rawValue[bit: 2] }
    /// SA: whether SP must be 16-byte aligned when it is the base address of an access at EL1.
    @inlinable public var sa: Bool { rawValue[bit: 3] }
    /// SA0: whether SP must be 16-byte aligned when it is the base address of an access at EL0.
    @inlinable public var sa0: Bool { rawValue[bit: 4] }
    /// UMA: whether EL0 can access DAIF.
    @inlinable public var uma: Bool { rawValue[bit: 9] }
    /// I: whether instruction fetches are cacheable.
    @inlinable public var i: Bool { rawValue[bit: 12] }
    /// DZE: whether EL0 can execute DC ZVA.
    @inlinable public var dze: Bool { rawValue[bit: 14] }
    /// UCT: whether EL0 can read CTR_EL0.
    @inlinable public var uct: Bool { rawValue[bit: 15] }
    /// nTWI: whether WFI at EL0 is not trapped.
    @inlinable public var nTWI: Bool { rawValue[bit: 16] }
    /// nTWE: whether WFE at EL0 is not trapped.
    @inlinable public var nTWE: Bool { rawValue[bit: 18] }
    /// WXN: whether writable memory is never executable.
    @inlinable public var wxn: Bool { rawValue[bit: 19] }
    /// TSCXT: whether accesses to SCXTNUM_EL0 at EL0 are trapped.
    @inlinable public var tscxt: Bool { rawValue[bit: 20] }
    /// SPAN: whether PSTATE.PAN keeps its value on an exception to EL1, instead of being set.
    @inlinable public var span: Bool { rawValue[bit: 23] }
    /// E0E: whether data accesses at EL0 are big-endian.
    @inlinable public var e0e: Bool { rawValue[bit: 24] }
    /// EE: whether data accesses at EL1 and translation table walks are big-endian.
    @inlinable public var ee: Bool { rawValue[bit: 25] }
    /// UCI: whether EL0 can execute cache maintenance instructions.
    @inlinable public var uci: Bool { rawValue[bit: 26] }
    /// BT0: whether PACIASP and PACIBSP at EL0 are invalid targets of a branch with BTYPE 0b11.
    @inlinable public var bt0: Bool { rawValue[bit: 35] }
    /// BT1: whether PACIASP and PACIBSP at EL1 are invalid targets of a branch with BTYPE 0b11.
    @inlinable public var bt1: Bool { rawValue[bit: 36] }
    /// DSSBS: the value that PSTATE.SSBS takes on an exception to EL1.
    @inlinable public var dssbs: Bool { rawValue[bit: 44] }
    /// EPAN: whether PAN also applies to pages that EL0 can only execute.
    @inlinable public var epan: Bool { rawValue[bit: 57] }
    /// SPINTMASK: whether an exception to EL1 clears PSTATE.ALLINT, instead of setting it.
    @inlinable public var spintmask: Bool { rawValue[bit: 62] }
}

/// A value of CPACR_EL1, which controls access to floating point, SIMD and SVE.
public struct CPACR: RawRepresentable, Hashable, Sendable {
    /// The value of the register.
    public var rawValue: UInt64

    /// Creates a value from that of the register.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// FPEN, bits 21:20: 0b11 traps nothing, 0b01 traps at EL0 only, 0b00 and 0b10 trap at EL0 and EL1.
    @inlinable public var fpen: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 20...21]) }
    /// ZEN, bits 17:16: traps of SVE instructions, with the values of FPEN.
    @inlinable public var zen: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 16...17]) }

    /// Returns whether a floating-point or SIMD instruction at `level` is trapped to EL1.
    @inlinable
    public func trapsFloatingPoint(at level: ExceptionLevel) -> Bool {
        switch fpen {
        case 0b11: false
        case 0b01: level == .el0
        default: level <= .el1
        }
    }
}
