/// A format that the host's arithmetic supports too.
///
/// The functions named `host…` return the result of the host's instruction if it is certain to be the exact result with
/// the same flags, and nil otherwise. It is certain if rounding is to nearest without flushing, if the result is
/// neither special nor near the ends of the range, and if it is exact or Inexact has been raised before, because the
/// cumulative bit then hides the difference. Special operands are excluded because they give special results.
package protocol HostFormat: FloatingPointFormat {
    /// The host's type.
    associatedtype Host: BinaryFloatingPoint & Sendable

    /// Converts bits to the host's type.
    static func host(_ value: Bits) -> Host
    /// Converts a value of the host's type to bits.
    static func bits(_ value: Host) -> Bits
    /// Converts a value in range to an integer, toward zero.
    ///
    /// The standard library's generic conversion is several times slower.
    static func integer(_ value: Host) -> Int64
}

extension Binary32: HostFormat {
    @inline(__always) package static func host(_ value: UInt32) -> Float { Float(bitPattern: value) }
    @inline(__always) package static func bits(_ value: Float) -> UInt32 { value.bitPattern }
    @inline(__always) package static func integer(_ value: Float) -> Int64 { Int64(value) }
}

extension Binary64: HostFormat {
    @inline(__always) package static func host(_ value: UInt64) -> Double { Double(bitPattern: value) }
    @inline(__always) package static func bits(_ value: Double) -> UInt64 { value.bitPattern }
    @inline(__always) package static func integer(_ value: Double) -> Int64 { Int64(value) }
}

extension HostFormat {
    /// Whether a result is so far from both ends of the range that neither overflow nor underflow can have occurred.
    ///
    /// The smallest binade is excluded, because a value below it may have been rounded up to its first number.
    @inline(__always)
    static func isOrdinary(_ result: Bits) -> Bool {
        UInt(bitPattern: exponentField(result) &- 2) < UInt(bitPattern: maximumExponentField &- 3)
    }

    /// Whether the rounding error of a product of this magnitude is representable in the format, so that it can be
    /// tested.
    @inline(__always)
    static func hasExactError(_ value: Bits) -> Bool { exponentField(value) > 2 &* fractionBits &+ 4 }

    /// Returns the sum if it is certain to be right.
    @inline(__always)
    package static func hostAdd(_ a: Bits, _ b: Bits, _ environment: FloatingPointEnvironment) -> Bits? {
        hostSum(host(a), host(b), environment)
    }

    /// Returns the difference if it is certain to be right.
    @inline(__always)
    package static func hostSubtract(_ a: Bits, _ b: Bits, _ environment: FloatingPointEnvironment) -> Bits? {
        hostSum(host(a), -host(b), environment)
    }

    @inline(__always)
    private static func hostSum(_ x: Host, _ y: Host, _ environment: FloatingPointEnvironment) -> Bits? {
        guard environment.isHostLike else { return nil }
        let sum = x + y
        let result = bits(sum)
        // A zero is exact. A subnormal sum is exact too, but too rare to be worth a test.
        guard isOrdinary(result) || magnitude(result) == 0 else { return nil }
        if !environment.isInexactRaised {
            // Knuth's exact error of a sum. It is a NaN if an intermediate result overflows.
            let part = sum - x
            guard (x - (sum - part)) + (y - part) == 0 else { return nil }
        }
        return result
    }

    /// Returns the product if it is certain to be right.
    @inline(__always)
    package static func hostMultiply(_ a: Bits, _ b: Bits, _ environment: FloatingPointEnvironment) -> Bits? {
        guard environment.isHostLike else { return nil }
        let (x, y) = (host(a), host(b))
        let product = x * y
        let result = bits(product)
        guard isOrdinary(result) else { return nil }
        if !environment.isInexactRaised {
            guard hasExactError(result), (-product).addingProduct(x, y) == 0 else { return nil }
        }
        return result
    }

    /// Returns the quotient if it is certain to be right.
    @inline(__always)
    package static func hostDivide(_ a: Bits, _ b: Bits, _ environment: FloatingPointEnvironment) -> Bits? {
        guard environment.isHostLike else { return nil }
        let (x, y) = (host(a), host(b))
        let quotient = x / y
        let result = bits(quotient)
        guard isOrdinary(result) else { return nil }
        if !environment.isInexactRaised {
            guard hasExactError(a), (-x).addingProduct(quotient, y) == 0 else { return nil }
        }
        return result
    }

    /// Returns the square root if it is certain to be right.
    @inline(__always)
    package static func hostSquareRoot(_ value: Bits, _ environment: FloatingPointEnvironment) -> Bits? {
        guard environment.isHostLike else { return nil }
        let x = host(value)
        let root = x.squareRoot()
        let result = bits(root)
        guard isOrdinary(result) else { return nil }
        if !environment.isInexactRaised {
            guard hasExactError(value), (-x).addingProduct(root, root) == 0 else { return nil }
        }
        return result
    }

    /// Returns `addend` + `a` × `b`, rounded once, if it is certain to be right.
    @inline(__always)
    package static func hostMultiplyAdd(
        addend: Bits, _ a: Bits, _ b: Bits, _ environment: FloatingPointEnvironment
    ) -> Bits? {
        guard environment.isHostLike, environment.isInexactRaised else { return nil }
        let result = bits(host(addend).addingProduct(host(a), host(b)))
        return isOrdinary(result) ? result : nil
    }

    /// Returns the order of two values; nil if either is a NaN or inputs are flushed.
    @inline(__always)
    package static func hostCompare(
        _ a: Bits, _ b: Bits, _ environment: FloatingPointEnvironment
    ) -> FloatingPointOrder? {
        guard !environment.flushesToZero else { return nil }
        let (x, y) = (host(a), host(b))
        if x < y { return .less }
        if x > y { return .greater }
        return x == y ? .equal : nil
    }
}
