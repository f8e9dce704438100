/// The reason why a PSTATE value written by a debugger is refused.
public enum PSTATEError: Error, Equatable, Sendable {
    /// M[4] is set, but the machine has no AArch32 state.
    case aarch32
    /// M selects an Exception level above EL1, which the machine does not have.
    case exceptionLevelNotImplemented(ExceptionLevel)
    /// M encodes no mode: EL0 with SP set, or M[1] set.
    case illegalMode(UInt8)

    /// The error message for the user.
    public var text: String {
        switch self {
        case .aarch32: "cpsr.nRW = 1 asks for AArch32, which this machine does not have"
        case .exceptionLevelNotImplemented(let level):
            "cpsr.EL = \(level.rawValue) asks for an Exception level this machine does not have: write 0 or 1"
        case .illegalMode(let mode):
            "cpsr mode bits \(mode) are not a mode: EL0t is 0, EL1t is 4, EL1h is 5"
        }
    }
}

extension PSTATE {
    /// Returns the mask of the bits that a debugger may change on a machine with `features`.
    ///
    /// SS, IL and reserved bits keep their values. SS belongs to the software step state machine and IL to exception
    /// return, so a debugger that writes back a `cpsr` it read earlier must not start a step or cause an Illegal
    /// Execution state exception.
    public static func debuggerWritableMask(features: ArchitectureFeatures) -> UInt64 {
        var mask = conditionFlagsMask | daifMask | UInt64.mask(5)
        if features.contains(.pan) { mask[bit: Bits.privilegedAccessNever] = true }
        if features.contains(.uao) { mask[bit: Bits.userAccessOverride] = true }
        if features.contains(.dit) { mask[bit: Bits.dataIndependentTiming] = true }
        if features.contains(.mte) { mask[bit: Bits.tagCheckOverride] = true }
        if features.contains(.nmi) { mask[bit: Bits.allInterruptsMasked] = true }
        if features.contains(.ssbs) { mask[bit: Bits.speculativeStoreBypassSafe] = true }
        if features.contains(.bti) { mask[bits: Bits.branchType] = 0b11 }
        return mask
    }

    /// Returns the state after a debugger writes `cpsr` on a machine with EL0 and EL1 in AArch64 state.
    ///
    /// An unchanged mode is always accepted, so that a value that was read can be written back. If this throws, the
    /// caller must write no register at all, because a `G` packet succeeds or fails as a whole.
    public func validated(
        writing cpsr: UInt32, features: ArchitectureFeatures = .all
    ) throws(PSTATEError) -> PSTATE {
        let new = UInt64(cpsr)
        if new[bits: Bits.mode] != rawValue[bits: Bits.mode] {
            if new[bit: Bits.registerWidth] { throw .aarch32 }
            switch new[bits: Bits.mode] {
            case 0b00000, 0b00100, 0b00101: break
            case 0b01000, 0b01001: throw .exceptionLevelNotImplemented(.el2)
            case 0b01100, 0b01101: throw .exceptionLevelNotImplemented(.el3)
            case let mode: throw .illegalMode(UInt8(truncatingIfNeeded: mode))
            }
        }
        let mask = Self.debuggerWritableMask(features: features)
        return PSTATE(rawValue: (rawValue & ~mask) | (new & mask))
    }
}
