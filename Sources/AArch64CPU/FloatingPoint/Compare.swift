/// The result of a comparison, including that of NaNs.
package enum FloatingPointOrder: Sendable {
    /// `unordered` means that at least one operand is a NaN.
    case less, equal, greater, unordered

    /// The flags of FCMP in bits 31–28: FPCompare().
    @inline(__always)
    package var nzcv: UInt32 {
        switch self {
        case .less: 8 &<< 28
        case .equal: 6 &<< 28
        case .greater: 2 &<< 28
        case .unordered: 3 &<< 28
        }
    }
}

extension FloatingPointFormat {
    /// Returns the result of FPCompare() and its variants; with `signalsQuietNaNs` every NaN raises Invalid Operation.
    @inline(never)
    package static func compare(
        _ a: Bits, _ b: Bits, signalsQuietNaNs: Bool, _ environment: inout FloatingPointEnvironment
    ) -> FloatingPointOrder {
        let a = flushed(a, &environment)
        let b = flushed(b, &environment)
        if isNaN(a) || isNaN(b) {
            if signalsQuietNaNs || isSignallingNaN(a) || isSignallingNaN(b) { environment.raise(.invalidOperation) }
            return .unordered
        }
        if magnitude(a) == 0 && magnitude(b) == 0 { return .equal }
        let (x, y) = (order(a), order(b))
        return x < y ? .less : x > y ? .greater : .equal
    }
}
