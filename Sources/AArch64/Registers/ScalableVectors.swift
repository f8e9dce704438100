/// A register of SVE's whose size is the vector length's.
///
/// Arm ARM, DDI 0487, B1.4 "Registers for Scalable Vector Extension".
public enum ScalableRegister: Hashable, Sendable {
    /// z0 to z31: vectors.
    case z(Int)
    /// p0 to p15: predicates, one bit for each byte of a vector.
    case p(Int)
    /// The first fault register, a predicate too.
    case ffr

    public var name: String {
        switch self {
        case .z(let n): "z\(n)"
        case .p(let n): "p\(n)"
        case .ffr: "ffr"
        }
    }

    /// How many bytes it has where a vector has that many quadwords.
    public func byteCount(quadwords: Int) -> Int {
        switch self {
        case .z: 16 * quadwords
        case .p, .ffr: 2 * quadwords
        }
    }
}

/// The vector lengths that a processor with SVE has, in quadwords of 128 bits: some of 1 to 16.
public struct VectorLengths: Hashable, Sendable {
    /// Bit n stands for n + 1 quadwords, as in KVM_REG_ARM64_SVE_VLS (KVM API, 4.68).
    public let rawValue: UInt16

    /// Nil where there is no length at all, which is no SVE.
    public init?(rawValue: UInt16) {
        guard rawValue != 0 else { return nil }
        self.rawValue = rawValue
    }

    /// The largest.
    public var maximum: Int { UInt16.bitWidth - rawValue.leadingZeroBitCount }

    /// The one in effect at EL1 and EL0: the largest that is not more than ZCR_EL1.LEN asks for, and else the smallest.
    ///
    /// Arm ARM, DDI 0487, D19.2 "ZCR_EL1, SVE Control Register".
    public func effective(zcr: UInt64) -> Int {
        let wanted = UInt16(zcr[bits: 0...3])
        let possible = rawValue & UInt16.mask(Int(wanted) + 1)
        return possible == 0
            ? rawValue.trailingZeroBitCount + 1 : UInt16.bitWidth - possible.leadingZeroBitCount
    }
}
