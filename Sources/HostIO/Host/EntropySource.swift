/// The generator of the guest's random numbers: the keystream of ChaCha20 under a seed.
///
/// Its whole state is the seed and a position, so that a run that is repeated gets the same numbers. They are as secret
/// as the seed: the host's choice is, a given number is not. RFC 8439, section 2.3, with a 64-bit block counter.
package struct EntropySource: RandomNumberGenerator, Equatable, Sendable {
    /// Four words: the key, least significant bits first.
    package let seed: [UInt64]
    /// How many numbers have been given.
    package private(set) var position: UInt64 = 0

    package init(seed: [UInt64]) {
        precondition(seed.count == 4, "a ChaCha20 key has 256 bits")
        self.seed = seed
    }

    /// A generator whose seed the host has chosen.
    package static func seededByHost() -> EntropySource {
        var host = SystemRandomNumberGenerator()
        return EntropySource(seed: (0..<4).map { _ in host.next() })
    }

    /// A source that yields the same numbers for the same seed, for runs that can be repeated.
    package static func seeded(_ seed: UInt64) -> EntropySource { EntropySource(seed: [seed, 0, 0, 0]) }

    package mutating func next() -> UInt64 {
        let words = block(position / 8)
        let index = 2 * Int(position % 8)
        position &+= 1
        return UInt64(words[index]) | UInt64(words[index + 1]) << 32
    }

    /// The sixteen words of a block of the keystream.
    private func block(_ number: UInt64) -> [UInt32] {
        var start: [UInt32] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]  // "expand 32-byte k"
        for half in seed + [number, 0] {
            start.append(UInt32(truncatingIfNeeded: half))
            start.append(UInt32(truncatingIfNeeded: half >> 32))
        }
        var words = start
        for _ in 0..<10 {
            for column in 0..<4 { Self.quarterRound(&words, column, 4 + column, 8 + column, 12 + column) }
            for column in 0..<4 {
                Self.quarterRound(
                    &words, column, 4 + (column + 1) % 4, 8 + (column + 2) % 4, 12 + (column + 3) % 4)
            }
        }
        for index in words.indices { words[index] &+= start[index] }
        return words
    }

    private static func quarterRound(_ words: inout [UInt32], _ a: Int, _ b: Int, _ c: Int, _ d: Int) {
        for (sum, addend, mixed, distance) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)] {
            words[sum] &+= words[addend]
            words[mixed] = rotate(words[mixed] ^ words[sum], UInt32(distance))
        }
    }

    private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
        value << count | value >> (32 - count)
    }
}
