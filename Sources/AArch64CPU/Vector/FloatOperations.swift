// The operations. Each uses the host's arithmetic if its result is certain to be right, and the exact function
// otherwise.

struct FloatAdd: FloatBinaryOperation {
    @inline(__always)
    func apply<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits {
        F.hostAdd(a, b, environment) ?? F.add(a, b, &environment)
    }
}

struct FloatSubtract: FloatBinaryOperation {
    @inline(__always)
    func apply<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits {
        F.hostSubtract(a, b, environment) ?? F.subtract(a, b, &environment)
    }
}

struct FloatAbsoluteDifference: FloatBinaryOperation {
    @inline(__always)
    func apply<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits {
        F.absolute(FloatSubtract().apply(format, a, b, &environment))
    }
}

struct FloatMultiply: FloatBinaryOperation {
    @inline(__always)
    func apply<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits {
        F.hostMultiply(a, b, environment) ?? F.multiply(a, b, &environment)
    }
}

/// FNMUL: negates the product, also if it is a NaN.
struct FloatNegatedMultiply: FloatBinaryOperation {
    @inline(__always)
    func apply<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits {
        F.negate(FloatMultiply().apply(format, a, b, &environment))
    }
}

struct FloatMultiplyExtended: FloatBinaryOperation {
    @inline(__always)
    func apply<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits {
        F.hostMultiply(a, b, environment) ?? F.multiplyExtended(a, b, &environment)
    }
}

struct FloatDivide: FloatBinaryOperation {
    @inline(__always)
    func apply<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits {
        F.hostDivide(a, b, environment) ?? F.divide(a, b, &environment)
    }
}

/// FMAX, FMIN, FMAXNM and FMINNM.
enum FloatExtreme: FloatBinaryOperation {
    case maximum, minimum, maximumNumber, minimumNumber

    @inline(__always)
    func apply<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits {
        switch self {
        case .maximum: F.maximum(a, b, &environment)
        case .minimum: F.minimum(a, b, &environment)
        case .maximumNumber: F.maximumNumber(a, b, &environment)
        case .minimumNumber: F.minimumNumber(a, b, &environment)
        }
    }
}

/// FRECPS and FRSQRTS.
enum FloatStep: FloatBinaryOperation {
    case reciprocal, reciprocalSquareRoot

    @inline(__always)
    func apply<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits {
        switch self {
        case .reciprocal: F.reciprocalStep(a, b, &environment)
        case .reciprocalSquareRoot: F.reciprocalSquareRootStep(a, b, &environment)
        }
    }
}

/// FCMEQ, FCMGE, FCMGT, FACGE and FACGT: the result is all ones if the comparison holds, else zero.
enum FloatComparison: FloatBinaryOperation {
    case equal, greaterOrEqual, greater, absoluteGreaterOrEqual, absoluteGreater

    @inline(__always)
    func apply<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits {
        let isAbsolute = self == .absoluteGreaterOrEqual || self == .absoluteGreater
        let x = isAbsolute ? F.absolute(a) : a
        let y = isAbsolute ? F.absolute(b) : b
        let order =
            F.hostCompare(x, y, environment)
            ?? F.compare(x, y, signalsQuietNaNs: self != .equal, &environment)
        let holds =
            switch self {
            case .equal: order == .equal
            case .greaterOrEqual, .absoluteGreaterOrEqual: order == .greater || order == .equal
            case .greater, .absoluteGreater: order == .greater
            }
        return holds ? ~0 : 0
    }
}

/// FCMEQ, FCMGE, FCMGT, FCMLE and FCMLT with zero.
struct FloatComparisonWithZero: FloatUnaryOperation {
    var comparison: FloatComparison
    /// Whether zero is the first operand: FCMLE and FCMLT.
    var isZeroFirst = false

    @inline(__always)
    func apply<F: HostFormat>(_ format: F.Type, _ a: F.Bits, _ environment: inout FloatingPointEnvironment) -> F.Bits {
        isZeroFirst
            ? comparison.apply(format, 0, a, &environment) : comparison.apply(format, a, 0, &environment)
    }
}

/// FMADD, FMLA and their variants: the addend and the first factor may be negated, also if they are NaNs.
struct FloatMultiplyAdd: FloatTernaryOperation {
    var negatesAddend = false
    var negatesProduct = false

    @inline(__always)
    func apply<F: HostFormat>(
        _ format: F.Type, addend: F.Bits, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits {
        let addend = negatesAddend ? F.negate(addend) : addend
        let a = negatesProduct ? F.negate(a) : a
        return F.hostMultiplyAdd(addend: addend, a, b, environment)
            ?? F.multiplyAdd(addend: addend, a, b, &environment)
    }
}

/// FMOV, FABS and FNEG, which change at most the sign bit.
enum FloatSignOperation: FloatUnaryOperation {
    case move, absolute, negate

    @inline(__always)
    func apply<F: HostFormat>(_ format: F.Type, _ a: F.Bits, _ environment: inout FloatingPointEnvironment) -> F.Bits {
        switch self {
        case .move: a
        case .absolute: F.absolute(a)
        case .negate: F.negate(a)
        }
    }
}

struct FloatSquareRoot: FloatUnaryOperation {
    @inline(__always)
    func apply<F: HostFormat>(_ format: F.Type, _ a: F.Bits, _ environment: inout FloatingPointEnvironment) -> F.Bits {
        F.hostSquareRoot(a, environment) ?? F.squareRoot(a, &environment)
    }
}

/// FRINTN and its variants; without an explicit rounding mode, FPCR's applies.
struct FloatRoundToIntegral: FloatUnaryOperation {
    var rounding: RoundingMode?
    var signalsInexact = false

    @inline(__always)
    func apply<F: HostFormat>(_ format: F.Type, _ a: F.Bits, _ environment: inout FloatingPointEnvironment) -> F.Bits {
        F.roundToIntegral(a, rounding ?? environment.rounding, signalsInexact: signalsInexact, &environment)
    }
}

/// FRECPE, FRSQRTE and FRECPX.
enum FloatEstimate: FloatUnaryOperation {
    case reciprocal, reciprocalSquareRoot, reciprocalExponent

    @inline(__always)
    func apply<F: HostFormat>(_ format: F.Type, _ a: F.Bits, _ environment: inout FloatingPointEnvironment) -> F.Bits {
        switch self {
        case .reciprocal: F.reciprocalEstimate(a, &environment)
        case .reciprocalSquareRoot: F.reciprocalSquareRootEstimate(a, &environment)
        case .reciprocalExponent: F.reciprocalExponent(a, &environment)
        }
    }
}

/// FCVTNS and its variants, within a lane; `scale` is the number of fraction bits of a fixed-point result.
struct FloatToInteger: FloatUnaryOperation {
    var rounding: RoundingMode
    var unsigned = false
    var scale = 0

    @inline(__always)
    func apply<F: HostFormat>(_ format: F.Type, _ a: F.Bits, _ environment: inout FloatingPointEnvironment) -> F.Bits {
        F.Bits(truncatingIfNeeded: convert(format, a, width: F.Bits.bitWidth, &environment))
    }

    @inline(__always)
    func convert<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, width: Int, _ environment: inout FloatingPointEnvironment
    ) -> UInt64 {
        if rounding == .zero && scale == 0,
            let result = F.hostTruncate(a, width: width, unsigned: unsigned, &environment)
        {
            return result
        }
        return F.toFixed(a, scale: scale, width: width, unsigned: unsigned, rounding, &environment)
    }
}

/// SCVTF and UCVTF, within a lane.
struct FloatFromInteger: FloatUnaryOperation {
    var unsigned = false
    var scale = 0

    @inline(__always)
    func apply<F: HostFormat>(_ format: F.Type, _ a: F.Bits, _ environment: inout FloatingPointEnvironment) -> F.Bits {
        convert(format, UInt64(truncatingIfNeeded: a), width: F.Bits.bitWidth, &environment)
    }

    @inline(__always)
    func convert<F: HostFormat>(
        _ format: F.Type, _ integer: UInt64, width: Int, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits {
        if scale == 0,
            let result = F.hostFromInteger(integer, width: width, unsigned: unsigned, environment)
        {
            return result
        }
        return F.fromFixed(integer, scale: scale, width: width, unsigned: unsigned, &environment)
    }
}
