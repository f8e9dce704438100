/// An SVE register whose size depends on the vector length.
///
/// Arm ARM, DDI 0487, B1.4 "Registers for Scalable Vector Extension".
public enum ScalableRegister: Hashable, Sendable {
    /// A vector register, z0 to z31.
    case z(Int)
    /// A predicate register, p0 to p15, with one bit for each byte of a vector.
    case p(Int)
    /// The first-fault register, which has the format of a predicate.
    case ffr

    /// The name in the target description.
    public var name: String {
        switch self {
        case .z(let n): "z\(n)"
        case .p(let n): "p\(n)"
        case .ffr: "ffr"
        }
    }

    /// Returns the size of the register in bytes for vectors of `quadwords` quadwords.
    public func byteCount(quadwords: Int) -> Int {
        switch self {
        case .z: 16 * quadwords
        case .p, .ffr: 2 * quadwords
        }
    }
}

/// The set of vector lengths that a CPU with SVE supports, each 1 to 16 quadwords of 128 bits.
public struct VectorLengths: Hashable, Sendable {
    /// A bit mask in which bit n stands for n + 1 quadwords, as in KVM_REG_ARM64_SVE_VLS (KVM API, 4.68).
    public let rawValue: UInt16

    /// Creates a set; nil if it would be empty, because a CPU with SVE supports at least one length.
    public init?(rawValue: UInt16) {
        guard rawValue != 0 else { return nil }
        self.rawValue = rawValue
    }

    /// The largest length, in quadwords.
    public var maximum: Int { UInt16.bitWidth - rawValue.leadingZeroBitCount }

    /// Returns the length in effect at EL1 and EL0 for a value of ZCR_EL1, in quadwords.
    ///
    /// The result is the largest supported length up to the one that ZCR_EL1.LEN requests, or the smallest supported
    /// length if all are larger.
    ///
    /// Arm ARM, DDI 0487, D19.2 "ZCR_EL1, SVE Control Register".
    public func effective(zcr: UInt64) -> Int {
        let wanted = UInt16(zcr[bits: 0...3])
        let possible = rawValue & UInt16.mask(Int(wanted) + 1)
        return possible == 0
            ? rawValue.trailingZeroBitCount + 1 : UInt16.bitWidth - possible.leadingZeroBitCount
    }
}
