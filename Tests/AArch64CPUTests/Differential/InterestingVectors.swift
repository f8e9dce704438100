import TestSupport

/// Values of the kind that finds mistakes.
extension SeededRandom {
    /// A register value of the kind that finds mistakes: the ends of the ranges, single bits, runs, and noise.
    mutating func interestingValue() -> UInt64 {
        switch below(16) {
        case 0: return 0
        case 1: return 1
        case 2: return .max
        case 3: return 0x8000_0000_0000_0000
        case 4: return 0x7fff_ffff_ffff_ffff
        case 5: return 0x8000_0000
        case 6: return 0x7fff_ffff
        case 7: return 0xffff_ffff
        case 8: return UInt64(below(256))
        case 9: return 0 &- UInt64(below(256))
        case 10: return 1 << UInt64(below(64))
        case 11: return UInt64.max >> UInt64(below(64))
        case 12: return next() & 0xffff_ffff
        default: return next()
        }
    }

    /// FPCR: often 0, otherwise any of the rounding modes, FZ, DN and AHP.
    mutating func floatingPointControl() -> UInt64 {
        guard chance(50) else { return 0 }
        let fields: [(bit: UInt64, percent: Int)] = [(22, 50), (23, 50), (24, 35), (25, 35), (26, 30)]
        return fields.reduce(0) { chance($1.percent) ? $0 | 1 << $1.bit : $0 }
    }

    /// FPSR: clear, inexact alone (what ordinary programs soon have), all, or any of the bits.
    mutating func floatingPointStatus() -> UInt64 {
        switch below(10) {
        case 0...3: 0
        case 4...6: 0x10
        case 7: FloatingPointState.statusBits
        default: next() & FloatingPointState.statusBits
        }
    }

    /// v0 to v31: now and then a register is almost the one in front of it, so that differences cancel.
    mutating func vectorRegisters() -> [UInt64] {
        var halves: [UInt64] = []
        for n in 0..<32 {
            if n > 0, chance(15) {
                let signs: UInt64 = chance(50) ? 0 : chance(50) ? 1 << 63 : 0x8000_0000_8000_0000
                halves += halves.suffix(2).map { ($0 ^ signs) &+ UInt64(below(3)) &- 1 }
            } else {
                let value = interestingVector()
                halves += [value.0, value.1]
            }
        }
        return halves
    }

    /// 128 bits of lanes of one kind.
    mutating func interestingVector() -> (UInt64, UInt64) {
        switch below(12) {
        case 0...2: return lanes(64) { $0.interestingFloat(.double) }
        case 3...5: return lanes(32) { $0.interestingFloat(.single) }
        case 6: return lanes(16) { $0.interestingFloat(.half) }
        case 7: return (interestingValue(), interestingValue())
        case 8, 9:
            let width = 8 << UInt64(below(4))
            return lanes(width) { $0.integerEdge(width) }
        case 10: return chance(50) ? (0, 0) : (.max, .max)
        default: return (next(), next())
        }
    }

    /// Lanes of `width` bits, sometimes all the same.
    private mutating func lanes(_ width: Int, _ lane: (inout Self) -> UInt64) -> (UInt64, UInt64) {
        let repeated: UInt64? = chance(15) ? lane(&self) : nil
        func half(_ random: inout Self) -> UInt64 {
            stride(from: 0, to: 64, by: width).reduce(0) { $0 | (repeated ?? lane(&random)) << UInt64($1) }
        }
        return (half(&self), half(&self))
    }

    /// The ends of the signed and the unsigned range of a lane, what lies beside them, and shift amounts.
    private mutating func integerEdge(_ width: Int) -> UInt64 {
        let mask = UInt64.max >> UInt64(64 - width)
        let edges: [UInt64] = [0, 1, mask, mask >> 1, mask >> 1 + 1, 1 << UInt64(width / 2), UInt64(width)]
        let near = edges[below(edges.count)] &+ (chance(30) ? UInt64(below(5)) &- 2 : 0)
        return (chance(80) ? near : next()) & mask
    }

    /// A binary interchange format of IEEE 754.
    struct FloatFormat {
        var fraction: Int
        var exponent: Int

        static let half = FloatFormat(fraction: 10, exponent: 5)
        static let single = FloatFormat(fraction: 23, exponent: 8)
        static let double = FloatFormat(fraction: 52, exponent: 11)

        var bias: Int { 1 << (exponent - 1) - 1 }
        var fractionMask: UInt64 { (1 << UInt64(fraction)) - 1 }
        var largestExponent: UInt64 { (1 << UInt64(exponent)) - 1 }
    }

    mutating func interestingFloat(_ format: FloatFormat) -> UInt64 {
        let sign = chance(50) ? UInt64(1) << UInt64(format.fraction + format.exponent) : 0
        return sign | magnitude(format)
    }

    private mutating func magnitude(_ format: FloatFormat) -> UInt64 {
        let infinity = format.largestExponent << UInt64(format.fraction)
        let quiet: UInt64 = 1 << UInt64(format.fraction - 1)
        let smallestNormal: UInt64 = 1 << UInt64(format.fraction)
        func number(_ exponent: Int, _ fraction: UInt64) -> UInt64 {
            let biased = min(max(exponent + format.bias, 0), Int(format.largestExponent) - 1)
            return UInt64(biased) << UInt64(format.fraction) | fraction & format.fractionMask
        }
        switch below(16) {
        case 0: return 0
        case 1: return infinity
        case 2: return infinity | quiet | (chance(50) ? 0 : next() & (quiet - 1))
        case 3: return infinity | (chance(50) ? 1 : max(1, next() & (quiet - 1)))
        case 4:
            // Denormals: the smallest, the largest, any.
            return [1, format.fractionMask, quiet, max(1, next() & format.fractionMask)][below(4)]
        case 5: return smallestNormal &+ UInt64(below(3)) &- 1
        case 6: return infinity - 1 - UInt64(below(2))
        case 7: return number(0, 0) &+ UInt64(below(5)) &- 2
        case 8...9: return nearInteger(format, number)
        case 10:
            // The limits of the integers, and where every number is an integer.
            let exponents = [7, 8, 15, 16, 31, 32, 63, 64, format.fraction, format.fraction + 1]
            return number(exponents[below(exponents.count)], 0) &+ UInt64(below(5)) &- 2
        case 11...12:
            // The limits of the narrower formats, and a tie, or almost one, in rounding to them.
            let exponents = [15, 16, -14, -15, -24, -25, 127, 128, -126, -127, -149, -150]
            let bit = UInt64([10, 23, 9, 22][below(4)])
            let tie = format.fraction > Int(bit) ? (smallestNormal >> 1) >> bit : 1
            let upper = next() & ~(tie &* 2 &- 1)
            return number(exponents[below(exponents.count)], (upper | tie) &+ UInt64(below(3)) &- 1)
        case 13...14: return number(below(9) - 4, next())
        default: return number(below(2 * format.bias) - format.bias, next())
        }
    }

    /// n, n.5 and what lies beside them, and n and a bit.
    private mutating func nearInteger(_ format: FloatFormat, _ number: (Int, UInt64) -> UInt64) -> UInt64 {
        let exponent = below(min(format.fraction, format.bias))
        let half: UInt64 = 1 << UInt64(format.fraction - exponent - 1)
        let integer = next() & ~(half &* 2 &- 1)
        return number(exponent, integer | (chance(70) ? half : 0)) &+ (chance(50) ? 0 : UInt64(below(3)) &- 1)
    }
}
