/// The reproducible random numbers of the differential test (xoshiro256**, seeded by SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init(seed: UInt64) {
        var mixer = seed
        func mix() -> UInt64 {
            mixer &+= 0x9e37_79b9_7f4a_7c15
            var z = mixer
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
        state = (mix(), mix(), mix(), mix())
    }

    mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// A number below `bound`; the bias for bounds this small doesn't matter.
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: ((next() >> 32) &* UInt64(bound)) >> 32)
    }

    /// True `percent` times of a hundred.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

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
}
