package import AArch64

/// The read-only identification registers of the software CPU.
///
/// The fields of optional features follow from ``CPUModel/features``.
package enum IdentificationRegisters {
    /// MIDR_EL1: implementer 0 ("reserved for software use"), so that no guest applies another maker's errata;
    /// architecture 0xF (described by the ID registers), part 0x541, revision r0p1.
    package static let midr: UInt64 = 0x000F_5411

    /// CTR_EL0: RES1; CWG, ERG, DminLine and IminLine 64 bytes; L1Ip PIPT; IDC and DIC 0.
    package static let ctr: UInt64 = 1 << 31 | 4 << 24 | 4 << 20 | 4 << 16 | 0b11 << 14 | 4

    /// DCZID_EL0.BS: DC ZVA zeroes 2^4 words.
    package static let dczid: UInt64 = 4
    /// DCZID_EL0.DZP: DC ZVA is prohibited at the current exception level.
    package static let dczidDZP: UInt64 = 1 << 4
    /// The number of bytes that DC ZVA zeroes.
    package static let zeroBlockSize: UInt64 = 64

    /// CLIDR_EL1: split L1, unified L2; LoUIS and LoUU 1, LoC 2.
    package static let clidr: UInt64 = 1 << 27 | 2 << 24 | 1 << 21 | 4 << 3 | 3

    /// CCSIDR_EL1 for a value of CSSELR_EL1, {Level, InD}; zero, where the architecture has UNKNOWN, if no such cache
    /// exists.
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

    /// The values of the ID_AA64* registers for a set of features.
    ///
    /// A register that is not included reads as zero.
    package static func values(for features: ArchitectureFeatures) -> [SystemRegisterEncoding: UInt64] {
        let fields = features.identificationFields
        // AdvSIMD, bits 23:20, always equals FP.
        let advSIMD = (fields(.idAA64PFR0) >> 16 & 0xF) << 20
        return [
            .idAA64PFR0: fields(.idAA64PFR0) | advSIMD | pfr0,
            .idAA64DFR0: fields(.idAA64DFR0) | dfr0,
            .idAA64ISAR0: fields(.idAA64ISAR0),
            // GPI always accompanies API.
            .idAA64ISAR1: fields(.idAA64ISAR1) | (features.contains(.pauth) ? 1 << 28 : 0),
            .idAA64MMFR0: fields(.idAA64MMFR0) | 5,  // PARange: 48 bits
            .idAA64MMFR1: fields(.idAA64MMFR1),
            .idAA64MMFR2: fields(.idAA64MMFR2),
        ]
    }

    /// Fixed fields of ID_AA64PFR0_EL1: EL0 and EL1 in AArch64 only, no EL2 or EL3; CSV2 and CSV3 1, because the
    /// software CPU does not speculate.
    private static let pfr0: UInt64 = 1 << 60 | 1 << 56 | 0x11
    /// Fixed fields of ID_AA64DFR0_EL1: Armv8.0 debug, 6 breakpoints (2 context-aware), 4 watchpoints, no trace.
    private static let dfr0: UInt64 = 1 << 28 | 3 << 20 | 5 << 12 | 6

    /// The physical address size in bits, encoded as 5 in ID_AA64MMFR0_EL1.PARange.
    package static let physicalAddressBits = 48
    /// The number of hardware breakpoints that ID_AA64DFR0_EL1 reports.
    package static let implementedBreakpoints = 6
    /// The number of hardware watchpoints that ID_AA64DFR0_EL1 reports.
    package static let implementedWatchpoints = 4
}
