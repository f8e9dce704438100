/// A format the host computes in too.
///
/// The functions here give the result of the host's instruction where it is certain to be that of the exact one, flags
/// included, and nil where it is not: rounding is to nearest and nothing is flushed, the result is neither special nor
/// near the ends of the range, and it is exact or Inexact has been raised before, which the cumulative bit then hides.
/// Operands that are special give special results.
package protocol HostFormat: FloatingPointFormat {
    associatedtype Host: BinaryFloatingPoint & Sendable

    static func host(_ value: Bits) -> Host
    static func bits(_ value: Host) -> Bits
    /// Toward zero, of a value in range: the standard library's generic conversion is several times slower.
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
    /// Whether a result is far enough from both ends that neither overflow nor underflow is in question.
    ///
    /// The smallest binade is left out: a value below it may have been rounded up to its first number.
    @inline(__always)
    static func isOrdinary(_ result: Bits) -> Bool {
        UInt(bitPattern: exponentField(result) &- 2) < UInt(bitPattern: maximumExponentField &- 3)
    }

    /// Whether the error of a product of this size is itself a number of the format, so that it can be looked at.
    @inline(__always)
    static func hasExactError(_ value: Bits) -> Bool { exponentField(value) > 2 &* fractionBits &+ 4 }

    @inline(__always)
    package static func hostAdd(_ a: Bits, _ b: Bits, _ environment: FloatingPointEnvironment) -> Bits? {
        hostSum(host(a), host(b), environment)
    }

    @inline(__always)
    package static func hostSubtract(_ a: Bits, _ b: Bits, _ environment: FloatingPointEnvironment) -> Bits? {
        hostSum(host(a), -host(b), environment)
    }

    @inline(__always)
    private static func hostSum(_ x: Host, _ y: Host, _ environment: FloatingPointEnvironment) -> Bits? {
        guard environment.isHostLike else { return nil }
        let sum = x + y
        let result = bits(sum)
        // A zero is exact, and so is a sum that is subnormal; the latter are too rare to be looked for.
        guard isOrdinary(result) || magnitude(result) == 0 else { return nil }
        if !environment.isInexactRaised {
            // Knuth's exact error of a sum; an overflow on the way makes it a NaN.
            let part = sum - x
            guard (x - (sum - part)) + (y - part) == 0 else { return nil }
        }
        return result
    }

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

    @inline(__always)
    package static func hostMultiplyAdd(
        addend: Bits, _ a: Bits, _ b: Bits, _ environment: FloatingPointEnvironment
    ) -> Bits? {
        guard environment.isHostLike, environment.isInexactRaised else { return nil }
        let result = bits(host(addend).addingProduct(host(a), host(b)))
        return isOrdinary(result) ? result : nil
    }

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
