/// FPCR and FPSR: the controls of floating-point operations and the exceptions they raise.
///
/// Operations only set the cumulative bits of FPSR, so they accumulate in the register value.
package struct FloatingPointEnvironment: Sendable {
    /// The value of FPCR.
    package let fpcr: UInt64
    /// The value of FPSR.
    package var fpsr: UInt64

    /// Starts with the given register values.
    @inline(__always)
    package init(fpcr: UInt64, fpsr: UInt64 = 0) {
        self.fpcr = fpcr
        self.fpsr = fpsr
    }

    /// A floating-point exception, as its cumulative bit in FPSR.
    ///
    /// Exceptions are not trapped.
    ///
    /// Arm ARM, DDI 0487, C5.2 "FPSR, Floating-point Status Register".
    package enum Exception: UInt64, CaseIterable, Sendable {
        /// Invalid Operation, IOC.
        case invalidOperation = 0x01
        /// Divide by Zero, DZC.
        case divideByZero = 0x02
        /// Overflow, OFC.
        case overflow = 0x04
        /// Underflow, UFC.
        case underflow = 0x08
        /// Inexact, IXC.
        case inexact = 0x10
        /// Input Denormal, IDC: an input was flushed to zero.
        case inputDenormal = 0x80
    }

    /// FPProcessException().
    @inline(__always)
    mutating func raise(_ exception: Exception) { fpsr |= exception.rawValue }

    @inline(__always) var isInexactRaised: Bool { fpsr & Exception.inexact.rawValue != 0 }

    /// FPRoundingMode(): FPCR.RMode.
    @inline(__always)
    package var rounding: RoundingMode {
        switch fpcr &>> 22 & 3 {
        case 0: .tieEven
        case 1: .plusInfinity
        case 2: .minusInfinity
        default: .zero
        }
    }

    /// FPCR.FZ, which applies to single and double precision.
    @inline(__always) package var flushesToZero: Bool { fpcr & 1 &<< 24 != 0 }
    /// FPCR.DN: every NaN result is the default NaN.
    @inline(__always) package var usesDefaultNaN: Bool { fpcr & 1 &<< 25 != 0 }
    /// FPCR.AHP: half precision has no infinities and NaNs.
    @inline(__always) package var usesAlternativeHalf: Bool { fpcr & 1 &<< 26 != 0 }

    /// Whether rounding is to nearest and values are not flushed, as in the host's arithmetic.
    @inline(__always) var isHostLike: Bool { fpcr & (3 &<< 22 | 1 &<< 24) == 0 }
}

/// A rounding mode: FPRounding in the Arm ARM's pseudocode.
package enum RoundingMode: CaseIterable, Sendable {
    /// The modes of FPCR.RMode.
    case tieEven, plusInfinity, minusInfinity, zero
    /// To nearest with ties away from zero, only for conversions to integers.
    case tieAway
    /// Round to odd, only for FCVTXN: the lowest bit of an inexact result is one, so that it can be rounded again
    /// correctly.
    case odd

    /// Whether a magnitude is rounded away from zero to the next one.
    ///
    /// `fraction` is the discarded part, with one half as its highest bit. Bit 0 is also set if any lower bit is.
    @inline(__always)
    func increments(_ magnitude: UInt64, negative: Bool, fraction: UInt64) -> Bool {
        let half: UInt64 = 1 &<< 63
        return switch self {
        case .tieEven: fraction > half || (fraction == half && magnitude & 1 != 0)
        case .tieAway: fraction >= half
        case .plusInfinity: fraction != 0 && !negative
        case .minusInfinity: fraction != 0 && negative
        case .zero, .odd: false
        }
    }

    /// Whether a value that is too large becomes infinity; if not, it becomes the largest number.
    @inline(__always)
    func overflowsToInfinity(negative: Bool) -> Bool {
        switch self {
        case .tieEven, .tieAway: true
        case .plusInfinity: !negative
        case .minusInfinity: negative
        case .zero, .odd: false
        }
    }
}
