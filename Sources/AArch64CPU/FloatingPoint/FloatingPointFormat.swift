/// A binary interchange format of IEEE 754, described by the widths of its fields.
///
/// Every operation is a function from bits to bits in an extension of this protocol, implementing the pseudocode
/// function named in its comment from the Arm ARM, DDI 0487, "shared/functions/float". None uses host arithmetic.
package protocol FloatingPointFormat {
    /// The unsigned integer of the format's width.
    associatedtype Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable

    /// The number of bits of the fraction field.
    static var fractionBits: Int { get }
    /// The number of bits of the exponent field.
    static var exponentBits: Int { get }
}

/// Half precision.
package enum Binary16: FloatingPointFormat {
    package typealias Bits = UInt16
    @inline(__always) package static var fractionBits: Int { 10 }
    @inline(__always) package static var exponentBits: Int { 5 }
}

/// Single precision.
package enum Binary32: FloatingPointFormat {
    package typealias Bits = UInt32
    @inline(__always) package static var fractionBits: Int { 23 }
    @inline(__always) package static var exponentBits: Int { 8 }
}

/// Double precision.
package enum Binary64: FloatingPointFormat {
    package typealias Bits = UInt64
    @inline(__always) package static var fractionBits: Int { 52 }
    @inline(__always) package static var exponentBits: Int { 11 }
}

// Fields and named values.
extension FloatingPointFormat {
    @inline(__always) static var signBit: Bits { 1 &<< Bits(truncatingIfNeeded: Bits.bitWidth &- 1) }
    @inline(__always) static var fractionMask: Bits { (1 &<< Bits(truncatingIfNeeded: fractionBits)) &- 1 }
    /// The highest bit of the fraction: set in a quiet NaN.
    @inline(__always) static var quietBit: Bits { 1 &<< Bits(truncatingIfNeeded: fractionBits &- 1) }
    /// The exponent field of infinities and NaNs.
    @inline(__always) static var maximumExponentField: Int { (1 &<< exponentBits) &- 1 }
    @inline(__always) static var bias: Int { (1 &<< (exponentBits &- 1)) &- 1 }

    @inline(__always)
    static func exponentField(_ value: Bits) -> Int {
        Int(truncatingIfNeeded: value &>> Bits(truncatingIfNeeded: fractionBits)) & maximumExponentField
    }

    @inline(__always) static func isNegative(_ value: Bits) -> Bool { value & signBit != 0 }
    @inline(__always) static func magnitude(_ value: Bits) -> Bits { value & ~signBit }

    /// FPAbs(): clears the sign bit, also of NaNs.
    @inline(__always) package static func absolute(_ value: Bits) -> Bits { value & ~signBit }
    /// FPNeg(): inverts the sign bit, also of NaNs.
    @inline(__always) package static func negate(_ value: Bits) -> Bits { value ^ signBit }

    /// Returns the value with a sign, an exponent field and a fraction field, which must fit.
    @inline(__always)
    static func assemble(negative: Bool, exponentField: Int, fraction: Bits = 0) -> Bits {
        (negative ? signBit : 0) | Bits(truncatingIfNeeded: exponentField) &<< Bits(truncatingIfNeeded: fractionBits)
            | fraction
    }

    /// FPZero().
    @inline(__always) package static func zero(negative: Bool) -> Bits { negative ? signBit : 0 }

    /// FPInfinity().
    @inline(__always)
    package static func infinity(negative: Bool) -> Bits {
        assemble(negative: negative, exponentField: maximumExponentField)
    }

    /// FPMaxNormal().
    @inline(__always)
    package static func maximumNormal(negative: Bool) -> Bits {
        assemble(negative: negative, exponentField: maximumExponentField &- 1, fraction: fractionMask)
    }

    /// FPTwo().
    @inline(__always)
    static func two(negative: Bool) -> Bits { assemble(negative: negative, exponentField: bias &+ 1) }

    /// FPOnePointFive().
    @inline(__always)
    static func onePointFive(negative: Bool) -> Bits {
        assemble(negative: negative, exponentField: bias, fraction: quietBit)
    }

    /// FPDefaultNaN().
    @inline(__always)
    package static var defaultNaN: Bits {
        assemble(negative: false, exponentField: maximumExponentField, fraction: quietBit)
    }

    /// Whether the value is a quiet or signaling NaN.
    @inline(__always)
    package static func isNaN(_ value: Bits) -> Bool { magnitude(value) > infinity(negative: false) }

    @inline(__always)
    static func isQuietNaN(_ value: Bits) -> Bool { isNaN(value) && value & quietBit != 0 }

    @inline(__always)
    static func isSignallingNaN(_ value: Bits) -> Bool { isNaN(value) && value & quietBit == 0 }
}
