import AArch64CPU
import Foundation
import Testing

/// The standards' own examples, computed with the instructions.
@Suite("Cryptographic instructions")
struct CryptographyTests {
    /// Bytes in the order they are written, the first in element 0.
    private static func bytes(_ written: UInt128) -> UInt128 { written.byteSwapped }

    private static let aese = "aese v0.16b, v1.16b"
    private static let aesd = "aesd v0.16b, v1.16b"
    private static let aesmc = "aesmc v0.16b, v1.16b"
    private static let aesimc = "aesimc v0.16b, v1.16b"
    private static let sha1c = "sha1c q0, s1, v2.4s"
    private static let sha1p = "sha1p q0, s1, v2.4s"
    private static let sha1m = "sha1m q0, s1, v2.4s"
    private static let sha1su0 = "sha1su0 v0.4s, v1.4s, v2.4s"
    private static let sha256h = "sha256h q0, q1, v2.4s"
    private static let sha256h2 = "sha256h2 q0, q1, v2.4s"
    private static let sha256su1 = "sha256su1 v0.4s, v1.4s, v2.4s"
    private static let sha1h = "sha1h s0, s1"
    private static let sha1su1 = "sha1su1 v0.4s, v1.4s"
    private static let sha256su0 = "sha256su0 v0.4s, v1.4s"

    @Test("AES: the first round of FIPS 197, appendix B, and back")
    func aesRound() {
        let fixture = VectorFixture()
        let input = Self.bytes(0x3243_F6A8_885A_308D_3131_98A2_E037_0734)
        let key = Self.bytes(0x2B7E_1516_28AE_D2A6_ABF7_1588_09CF_4F3C)
        let keyed = Self.bytes(0x193D_E3BE_A0F4_E22B_9AC6_8D2A_E9F8_4808)
        let shifted = Self.bytes(0xD4BF_5D30_E0B4_52AE_B841_11F1_1E27_98E5)
        let mixed = Self.bytes(0x0466_81E5_E0CB_199A_48F8_D37A_2806_264C)
        #expect(fixture.result(Self.aese, input, key) == shifted)
        #expect(fixture.result(Self.aesmc, 0, shifted) == mixed)
        #expect(fixture.result(Self.aesimc, 0, mixed) == shifted)
        #expect(fixture.result(Self.aesd, shifted ^ key, key) == keyed)
    }

    @Test("AES: every byte comes back from the inverse substitution")
    func substitutionIsInvertible() {
        let fixture = VectorFixture()
        for first in stride(from: 0, to: 256, by: 16) {
            let state = (0..<16).reduce(UInt128(0)) { $0 << 8 | UInt128(first + $1) }
            let substituted = fixture.result(Self.aese, state)
            #expect(fixture.result(Self.aesd, substituted) == state)
        }
    }

    /// "abc", padded to a block: 16 words, big-endian.
    private static let message: [UInt32] = [0x6162_6380] + Array(repeating: 0, count: 14) + [24]

    /// Four words, the first in element 0.
    private static func vector(_ words: ArraySlice<UInt32>) -> UInt128 {
        words.reversed().reduce(UInt128(0)) { $0 << 32 | UInt128($1) }
    }

    private static func words(_ vector: UInt128) -> [UInt32] {
        (0..<4).map { UInt32(truncatingIfNeeded: vector >> (32 * $0)) }
    }

    private static func sum(_ first: UInt128, _ second: UInt128) -> UInt128 {
        vector(zip(words(first), words(second)).map { $0 &+ $1 }[...])
    }

    @Test("SHA-256: the digest of FIPS 180's \"abc\"")
    func sha256() {
        let fixture = VectorFixture()
        let primes = (2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }
        func fraction(_ root: Double) -> UInt32 { UInt32((root - root.rounded(.down)) * 0x1p32) }
        let initial = primes.prefix(8).map { fraction(Double($0).squareRoot()) }
        let constants = primes.map { fraction(cbrt(Double($0))) }
        var schedule = (0..<4).map { Self.vector(Self.message[(4 * $0)..<(4 * $0 + 4)]) }
        var abcd = Self.vector(initial[0..<4])
        var efgh = Self.vector(initial[4..<8])
        for quarter in 0..<16 {
            if quarter >= 4 {
                let partial = fixture.result(Self.sha256su0, schedule[quarter - 4], schedule[quarter - 3])
                schedule.append(
                    fixture.result(Self.sha256su1, partial, schedule[quarter - 2], schedule[quarter - 1]))
            }
            let keys = Self.sum(schedule[quarter], Self.vector(constants[(4 * quarter)..<(4 * quarter + 4)]))
            let next = fixture.result(Self.sha256h, abcd, efgh, keys)
            efgh = fixture.result(Self.sha256h2, efgh, abcd, keys)
            abcd = next
        }
        let digest =
            Self.words(Self.sum(abcd, Self.vector(initial[0..<4])))
            + Self.words(Self.sum(efgh, Self.vector(initial[4..<8])))
        #expect(
            digest == [
                0xBA78_16BF, 0x8F01_CFEA, 0x4141_40DE, 0x5DAE_2223, 0xB003_61A3, 0x9617_7A9C, 0xB410_FF61, 0xF200_15AD,
            ])
    }

    @Test("SHA-1: the digest of FIPS 180's \"abc\"")
    func sha1() {
        let fixture = VectorFixture()
        let initial: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        let stages: [(String, UInt32)] = [
            (Self.sha1c, 0x5A82_7999), (Self.sha1p, 0x6ED9_EBA1), (Self.sha1m, 0x8F1B_BCDC),
            (Self.sha1p, 0xCA62_C1D6),
        ]
        var schedule = (0..<4).map { Self.vector(Self.message[(4 * $0)..<(4 * $0 + 4)]) }
        var abcd = Self.vector(initial[0..<4])
        var e = UInt128(initial[4])
        for quarter in 0..<20 {
            if quarter >= 4 {
                let partial = fixture.result(
                    Self.sha1su0, schedule[quarter - 4], schedule[quarter - 3], schedule[quarter - 2])
                schedule.append(fixture.result(Self.sha1su1, partial, schedule[quarter - 1]))
            }
            let (instruction, constant) = stages[quarter / 5]
            let keys = Self.sum(schedule[quarter], Self.vector(Array(repeating: constant, count: 4)[...]))
            let next = fixture.result(instruction, abcd, e, keys)
            e = fixture.result(Self.sha1h, ~0, abcd)
            abcd = next
        }
        let digest =
            Self.words(Self.sum(abcd, Self.vector(initial[0..<4])))
            + [UInt32(truncatingIfNeeded: e) &+ initial[4]]
        #expect(digest == [0xA999_3E36, 0x4706_816A, 0xBA3E_2571, 0x7850_C26C, 0x9CD0_D89D])
    }
}
