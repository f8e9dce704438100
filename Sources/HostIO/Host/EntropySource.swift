/// Where the guest's random numbers come from.
package struct EntropySource: RandomNumberGenerator, Sendable {
    private var seeded: SplitMix64?

    /// The host's own generator.
    package static var host: EntropySource { EntropySource(seeded: nil) }

    /// The same numbers in each run with the same seed: for runs that are to be repeated, and for nothing else.
    package static func seeded(_ seed: UInt64) -> EntropySource {
        EntropySource(seeded: SplitMix64(state: seed))
    }

    package mutating func next() -> UInt64 {
        var host = SystemRandomNumberGenerator()
        return seeded?.next() ?? host.next()
    }
}

/// Sebastiano Vigna's SplitMix64, public domain: short, and good enough for numbers that need not be secret.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
