import AArch64
import TestSupport

/// Single words from anywhere in the encoding space: allocated, unallocated, and almost allocated.
///
/// Every register holds an address in the window or a small number, all multiples of 16, so that whatever the word turns out
/// to be, an access goes to the window or faults at a known place.
struct WordGenerator {
    private var random: SeededRandom
    let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed)
    }

    /// A sequence of one word.
    mutating func sequence(number: Int) -> TestSequence {
        var word: UInt32
        repeat { word = candidate() } while Self.exclusions.contains { $0.covers(word) }
        let middle = AddressSpace.window + UInt64(AddressSpace.windowSize / 2)
        let registers = (0..<31).map { _ -> UInt64 in
            random.chance(70) ? middle &+ UInt64(random.below(8)) * 16 &- 64 : UInt64(random.below(8)) * 16
        }
        let initial = InitialState(
            registers: registers, sp: middle, nzcv: UInt64(random.below(16)) << 28, tpidr: random.next(),
            floatingPoint: FloatingPointState(
                halves: random.vectorRegisters(), fpcr: random.floatingPointControl(),
                fpsr: random.floatingPointStatus()),
            memory: (0..<AddressSpace.windowSize).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        return TestSequence(
            seed: seed, number: number, words: [word, TestSequence.terminatorWord], terminator: 1, pinned: [0],
            initial: initial)
    }

    private mutating func candidate() -> UInt32 {
        let noise = UInt32(truncatingIfNeeded: random.next())
        switch random.below(15) {
        // Loads and stores; data processing (register); (immediate); branches and system.
        case 0...2: return noise & ~(1 << 26 | 1 << 25) | 1 << 27
        case 3...4: return noise & ~(1 << 28 | 1 << 26) & ~(1 << 27) | 5 << 25
        case 5: return noise & ~(7 << 26) | 4 << 26
        case 6: return noise & ~(7 << 26) | 5 << 26
        case 7: return noise
        // Loads and stores of SIMD&FP registers, the structures apart; data processing (SIMD&FP) in its six parts.
        case 8: return noise & ~(1 << 25) | 3 << 26
        case 9: return noise & 0x41ff_ffff | 0x0c00_0000
        case 10: return noise & 0x61ff_ffff | 0x0e00_0000
        case 11: return noise & 0xa1ff_ffff | 0x5e00_0000
        case 12: return noise & 0x81ff_ffff | 0x1e00_0000
        // One or two bits away from something allocated.
        default:
            let form = SequenceGenerator.allForms[random.below(SequenceGenerator.allForms.count)]
            let filled = noise & ~form.fixedMask | form.fixedBits
            return filled ^ 1 << UInt32(random.below(32)) ^ (random.chance(50) ? 1 << UInt32(random.below(32)) : 0)
        }
    }

    /// Words the two may treat differently, and why.
    struct Exclusion: Sendable {
        var reason: String
        var mask: UInt32
        var value: UInt32
        /// Further conditions on the word.
        var condition: @Sendable (UInt32) -> Bool = { _ in true }

        func covers(_ word: UInt32) -> Bool { word & mask == value && condition(word) }
    }

    /// The rows of half precision and the dot product.
    private static let featuresApart = InstructionTable.rows.filter {
        !$0.features.isDisjoint(with: [.fp16, .dotProd])
    }

    private static func register(_ word: UInt32, _ shift: UInt32) -> UInt32 { word >> shift & 31 }

    static let exclusions: [Exclusion] = [
        Exclusion(reason: "features of the reference that the software CPU doesn't offer", mask: 0, value: 0) { word in
            featuresApart.contains { $0.matches(word) }
        },
        // Arm ARM, "Advanced SIMD two-register miscellaneous (FP16)": nothing of it is without FEAT_FP16.
        Exclusion(reason: "qemu 7.2 aborts on what is unallocated there", mask: 0x9f7e_0c00, value: 0x0e78_0800),
        Exclusion(reason: "qemu 7.2 aborts on it in scalars too", mask: 0xdf7e_0c00, value: 0x5e78_0800),
        // Arm ARM, "Advanced SIMD across lanes" and "… scalar pairwise": sz is 0 in half precision.
        Exclusion(reason: "qemu 7.2 takes half precision with sz = 1 (FMAXV …)", mask: 0xbf7e_0c00, value: 0x0e70_0800)
        {
            [0b01100, 0b01101, 0b01111].contains($0 >> 12 & 31)
        },
        Exclusion(reason: "qemu 7.2 takes half precision with sz = 1 (FMAXP …)", mask: 0xff7e_0c00, value: 0x5e70_0800)
        {
            [0b01100, 0b01101, 0b01111].contains($0 >> 12 & 31)
        },
        // Arm ARM, "Advanced SIMD modified immediate": o2 is 1 in half precision's FMOV alone, whose op is 0.
        Exclusion(reason: "qemu 7.2 takes FMOV with op = 1 and o2 = 1", mask: 0xbff8_fc00, value: 0x2f00_fc00),
        Exclusion(reason: "a branch to anywhere (B, BL)", mask: 0x7c00_0000, value: 0x1400_0000),
        Exclusion(reason: "a branch to anywhere (CBZ, TBZ)", mask: 0x7c00_0000, value: 0x3400_0000),
        Exclusion(reason: "a branch to anywhere (B.cond)", mask: 0xff00_0010, value: 0x5400_0000),
        Exclusion(reason: "loads what lies around (literals)", mask: 0x3b00_0000, value: 0x1800_0000),
        Exclusion(reason: "SVC is the reference's system call", mask: 0xffe0_001f, value: 0xd400_0001),
        Exclusion(reason: "BRK is a signal of its own", mask: 0xffe0_001f, value: 0xd420_0000),
        Exclusion(reason: "the reference's semihosting call", mask: 0xffff_ffff, value: 0xd45e_0000),
        Exclusion(
            reason: "registers of EL0: time, cache geometry, floating point", mask: 0xffd7_0000, value: 0xd513_0000),
        Exclusion(reason: "identification registers, which Linux emulates", mask: 0xffdf_f000, value: 0xd518_0000),
        Exclusion(
            reason: "cache maintenance at EL0: the sequences have it", mask: 0xffdf_0000, value: 0xd50b_0000),
        Exclusion(reason: "WFE, WFI and later waits", mask: 0xffff_ff1f, value: 0xd503_201f) { ($0 >> 5 & 7) > 1 },
        Exclusion(reason: "WFET, WFIT", mask: 0xffff_ffc0, value: 0xd503_1000),
        Exclusion(reason: "FEAT_LRCPC, which the software CPU doesn't offer", mask: 0x3fff_fc00, value: 0x38bf_c000),
        Exclusion(
            reason: "FEAT_SSBS, which the software CPU doesn't offer", mask: 0xffff_f0ff, value: 0xd503_403f),
        Exclusion(reason: "FEAT_LOR, which the software CPU doesn't offer", mask: 0x3fa0_8000, value: 0x0880_0000),
        Exclusion(reason: "CONSTRAINED UNPREDICTABLE: writeback over Rt", mask: 0x3f20_0400, value: 0x3800_0400) {
            register($0, 0) == register($0, 5) && register($0, 5) != 31
        },
        Exclusion(reason: "CONSTRAINED UNPREDICTABLE: pair written back over", mask: 0x3e80_0000, value: 0x2880_0000) {
            let base = register($0, 5)
            return base != 31 && (base == register($0, 0) || base == register($0, 10))
        },
        Exclusion(reason: "CONSTRAINED UNPREDICTABLE: pair into one register", mask: 0x3a40_0000, value: 0x2840_0000) {
            register($0, 0) == register($0, 10)
        },
        Exclusion(reason: "CONSTRAINED UNPREDICTABLE: LDXP into one", mask: 0xbfe0_0000, value: 0x8860_0000) {
            register($0, 0) == register($0, 10)
        },
        Exclusion(reason: "CONSTRAINED UNPREDICTABLE: status overlap", mask: 0x3f40_0000, value: 0x0800_0000) {
            let status = register($0, 16)
            return status == register($0, 0) || status == register($0, 10) || status == register($0, 5)
        },
    ]
}
