package import AArch64

/// What the CPU says of itself: the read-only identification registers, in one place.
///
/// To offer a feature, change its field here and nowhere else; the rest of the CPU asks ``CPUFeatures``.
package enum IdentificationRegisters {
    /// MIDR_EL1: implementer 0 ("reserved for software use"), so that no guest applies another maker's errata;
    /// architecture 0xF (described by the ID registers), part 0x541, revision r0p1.
    package static let midr: UInt64 = 0x000F_5411

    /// CTR_EL0: RES1; CWG, ERG, DminLine and IminLine 64 bytes; L1Ip PIPT; IDC and DIC 0.
    package static let ctr: UInt64 = 1 << 31 | 4 << 24 | 4 << 20 | 4 << 16 | 0b11 << 14 | 4

    /// DCZID_EL0.BS: DC ZVA zeroes 2^4 words, 64 bytes.
    package static let dczid: UInt64 = 4
    /// DCZID_EL0.DZP: DC ZVA is prohibited where this is read.
    package static let dczidDZP: UInt64 = 1 << 4
    /// The bytes DC ZVA zeroes.
    package static let zeroBlockSize: UInt64 = 64

    /// CLIDR_EL1: split L1, unified L2; LoUIS and LoUU 1, LoC 2.
    package static let clidr: UInt64 = 1 << 27 | 2 << 24 | 1 << 21 | 4 << 3 | 3

    /// CCSIDR_EL1 for a value of CSSELR_EL1: {InD, Level}; zero, UNKNOWN by the architecture, for no such cache.
    package static func ccsidr(csselr: UInt64) -> UInt64 {
        switch csselr & 0xF {
        case 0b0000, 0b0001: cache(sets: 128, ways: 4)  // L1: 32 KiB each
        case 0b0010: cache(sets: 1024, ways: 16)  // L2: 1 MiB
        default: 0
        }
    }

    private static func cache(sets: UInt64, ways: UInt64) -> UInt64 {
        (sets - 1) << 13 | (ways - 1) << 3 | 2
    }

    /// ID_AA64PFR0_EL1: EL0 and EL1 in AArch64 only, no EL2 or EL3, GIC CPU interface by system registers; CSV2 and
    /// CSV3 1, since nothing is speculated here.
    package static let aa64pfr0: UInt64 =
        1 << 60 | 1 << 56 | 1 << 24 | CPUFeatures.advSIMDField << 20 | CPUFeatures.fpField << 16 | 0x11
    /// ID_AA64DFR0_EL1: Armv8.0 debug, 6 breakpoints (2 context-aware), 4 watchpoints, no PMU, no trace.
    package static let aa64dfr0: UInt64 = 1 << 28 | 3 << 20 | 5 << 12 | 6
    /// ID_AA64ISAR0_EL1: FEAT_RDM, FEAT_LSE (Atomic 2), CRC32, SHA256, SHA1, AES with PMULL (2).
    package static let aa64isar0: UInt64 = 1 << 28 | 2 << 20 | 1 << 16 | 1 << 12 | 1 << 8 | 2 << 4
    /// ID_AA64MMFR0_EL1: 48-bit PA, 16-bit ASID, 4, 16 and 64 KiB granules (TGran4 and TGran64 say 0 for yes).
    package static let aa64mmfr0: UInt64 = 1 << 20 | 2 << 4 | 5

    /// What PARange 5 stands for.
    package static let physicalAddressBits = 48
    package static let implementedBreakpoints = 6
    package static let implementedWatchpoints = 4
}

/// The optional features other code asks about.
package enum CPUFeatures {
    /// Everything offered; adding ``ArchitectureFeatures/floatingPoint`` here switches FP and AdvSIMD on, with the
    /// identification registers and the registers that go with them.
    package static let offered: ArchitectureFeatures = [
        .granule4K, .granule16K, .granule64K, .asid16, .lse, .crc32, .gicSystemRegisters,
        .floatingPoint, .rdm, .aes, .pmull, .sha1, .sha256,
    ]

    /// Whether FP and AdvSIMD instructions and registers exist.
    package static let hasFloatingPoint = offered.contains(.floatingPoint)

    static let fpField: UInt64 = hasFloatingPoint ? 0 : 0xF
    static let advSIMDField: UInt64 = hasFloatingPoint ? 0 : 0xF
}
