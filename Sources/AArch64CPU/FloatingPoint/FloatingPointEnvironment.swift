/// What an operation is done under, and what it reports: FPCR and FPSR.
///
/// The cumulative bits of FPSR are only ever set, so the register itself collects them.
package struct FloatingPointEnvironment: Sendable {
    package let fpcr: UInt64
    package var fpsr: UInt64

    @inline(__always)
    package init(fpcr: UInt64, fpsr: UInt64 = 0) {
        self.fpcr = fpcr
        self.fpsr = fpsr
    }

    /// A floating-point exception, as its cumulative bit in FPSR; none is trapped.
    ///
    /// Arm ARM, DDI 0487, C5.2 "FPSR, Floating-point Status Register".
    package enum Exception: UInt64, CaseIterable, Sendable {
        /// IOC.
        case invalidOperation = 0x01
        /// DZC.
        case divideByZero = 0x02
        /// OFC.
        case overflow = 0x04
        /// UFC.
        case underflow = 0x08
        /// IXC.
        case inexact = 0x10
        /// IDC: an input was flushed to zero.
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

    /// FPCR.FZ, which is for single and double precision.
    @inline(__always) package var flushesToZero: Bool { fpcr & 1 &<< 24 != 0 }
    /// FPCR.DN.
    @inline(__always) package var usesDefaultNaN: Bool { fpcr & 1 &<< 25 != 0 }
    /// FPCR.AHP: the half-precision format without infinities and NaNs.
    @inline(__always) package var usesAlternativeHalf: Bool { fpcr & 1 &<< 26 != 0 }

    /// Whether rounding is to nearest and nothing is flushed: what the host does.
    @inline(__always) var isHostLike: Bool { fpcr & (3 &<< 22 | 1 &<< 24) == 0 }
}

/// FPRounding of the Arm ARM's pseudocode.
package enum RoundingMode: CaseIterable, Sendable {
    case tieEven, plusInfinity, minusInfinity, zero
    /// Only for conversions to integers.
    case tieAway
    /// Only for FCVTXN: the lowest bit of an inexact result is one, so that it can be rounded once more.
    case odd

    /// Whether a magnitude is rounded away from zero to the next one.
    ///
    /// `fraction` is what is cut off, its highest bit one half; below bit 0 it need not be exact, but bit 0 is set if
    /// anything is there.
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

    /// Whether a value too large becomes infinity; the largest number otherwise.
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
