/// Why a debugger's value for PSTATE is refused.
public enum PSTATEError: Error, Equatable, Sendable {
    /// M[4] is set: the machine has no AArch32 state.
    case aarch32
    /// M names an Exception level above EL1.
    case exceptionLevelNotImplemented(ExceptionLevel)
    /// M is not the encoding of any mode (EL0 with SP set, or M[1] set).
    case illegalMode(UInt8)

    /// What is wrong, in words for the user.
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
    /// The bits a debugger may change with `features` present; SS, IL and reserved bits keep what they have.
    ///
    /// SS belongs to the step state machine and IL to exception return: a debugger that writes back a `cpsr` it read
    /// earlier must not start a step or an Illegal Execution state exception.
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

    /// The state after a debugger wrote `cpsr` on a machine that has EL0 and EL1 in AArch64 state.
    ///
    /// A mode that doesn't change is accepted whatever it is, so a value that was read can always be written back.
    /// When this throws, nothing may change: `G` is all or nothing.
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
