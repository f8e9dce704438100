/// SCTLR_EL1, the fields that the functions here and a CPU look at.
///
/// Arm ARM, DDI 0487, "SCTLR_EL1, System Control Register (EL1)". ``RegisterFields/sctlr`` names all of them.
public struct SCTLR: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The MMU is on.
    @inlinable public var m: Bool { rawValue[bit: 0] }
    /// Alignment is checked for all data accesses.
    @inlinable public var a: Bool { rawValue[bit: 1] }
    /// Data accesses are cacheable.
    @inlinable public var c: Bool { rawValue[bit: 2] }
    /// SP must be aligned to 16 bytes when EL1 addresses with it.
    @inlinable public var sa: Bool { rawValue[bit: 3] }
    /// The same for EL0.
    @inlinable public var sa0: Bool { rawValue[bit: 4] }
    /// EL0 may access DAIF.
    @inlinable public var uma: Bool { rawValue[bit: 9] }
    /// Fetches are cacheable.
    @inlinable public var i: Bool { rawValue[bit: 12] }
    /// EL0 may execute DC ZVA.
    @inlinable public var dze: Bool { rawValue[bit: 14] }
    /// EL0 may read CTR_EL0.
    @inlinable public var uct: Bool { rawValue[bit: 15] }
    /// EL0's WFI is not trapped.
    @inlinable public var nTWI: Bool { rawValue[bit: 16] }
    /// EL0's WFE is not trapped.
    @inlinable public var nTWE: Bool { rawValue[bit: 18] }
    /// What is writable is not executable.
    @inlinable public var wxn: Bool { rawValue[bit: 19] }
    /// EL0's access to SCXTNUM_EL0 is trapped.
    @inlinable public var tscxt: Bool { rawValue[bit: 20] }
    /// PSTATE.PAN is left as it is on an exception to EL1.
    @inlinable public var span: Bool { rawValue[bit: 23] }
    /// EL0's data accesses are big-endian.
    @inlinable public var e0e: Bool { rawValue[bit: 24] }
    /// EL1's data accesses and the translation tables are big-endian.
    @inlinable public var ee: Bool { rawValue[bit: 25] }
    /// EL0 may execute cache maintenance instructions.
    @inlinable public var uci: Bool { rawValue[bit: 26] }
    /// PACIASP and PACIBSP are not targets of a BTYPE 0b11 branch, at EL0 and at EL1.
    @inlinable public var bt0: Bool { rawValue[bit: 35] }
    @inlinable public var bt1: Bool { rawValue[bit: 36] }
    /// The value of PSTATE.SSBS on an exception to EL1.
    @inlinable public var dssbs: Bool { rawValue[bit: 44] }
    /// PAN also protects pages that EL0 may execute.
    @inlinable public var epan: Bool { rawValue[bit: 57] }
    /// PSTATE.ALLINT is left clear on an exception to EL1.
    @inlinable public var spintmask: Bool { rawValue[bit: 62] }
}

/// CPACR_EL1: who may use FP and SIMD.
public struct CPACR: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// FPEN, bits 21:20: 0b11 traps nothing, 0b01 EL0 only, the others both.
    @inlinable public var fpen: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 20...21]) }
    /// ZEN, bits 17:16, the same for SVE.
    @inlinable public var zen: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 16...17]) }

    /// Whether an FP or SIMD instruction at `level` is trapped to EL1.
    @inlinable
    public func trapsFloatingPoint(at level: ExceptionLevel) -> Bool {
        switch fpen {
        case 0b11: false
        case 0b01: level == .el0
        default: level <= .el1
        }
    }
}
