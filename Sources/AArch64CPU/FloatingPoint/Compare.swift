/// How two values compare, NaNs included.
package enum FloatingPointOrder: Sendable {
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
    /// What FPCompare() and its kind share; `signalsQuietNaNs` makes every NaN an Invalid Operation.
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
