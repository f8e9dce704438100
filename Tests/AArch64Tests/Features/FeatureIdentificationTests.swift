import AArch64
import Testing

@Suite("Feature identification")
struct FeatureIdentificationTests {
    /// Cortex-A57's values (its technical reference manual, "AArch64 register summary").
    @Test("Cortex-A57's ID registers say ARMv8.0")
    func cortexA57() {
        let values: [SystemRegisterEncoding: UInt64] = [
            .idAA64PFR0: 0x0000_2222, .idAA64DFR0: 0x1030_5106, .idAA64ISAR0: 0x0001_1120,
            .idAA64MMFR0: 0x0000_1124,
        ]
        let features = ArchitectureFeatures { values[$0] ?? 0 }
        #expect(
            features == [
                .aarch32, .floatingPoint, .pmu, .crc32, .aes, .pmull, .sha1, .sha256, .asid16, .granule4K, .granule64K,
            ])
    }

    /// Fields of the ID registers' pages in the Arm ARM.
    static let rows: [(ArchitectureFeatures, SystemRegisterEncoding, UInt64)] = [
        (.aarch32, .idAA64PFR0, 2), (.aarch32, .idAA64PFR0, 0x2222), ([], .idAA64PFR0, 0x1111),
        (.fp16, .idAA64PFR0, 1 << 16), (.hafdbs, .idAA64MMFR1, 1), (.twed, .idAA64MMFR1, 1 << 32),
        (.afp, .idAA64MMFR1, 1 << 44), (.tidcp1, .idAA64MMFR1, 1 << 52), (.cmow, .idAA64MMFR1, 1 << 56),
        (.lsmaoc, .idAA64MMFR2, 1 << 8), (.iesb, .idAA64MMFR2, 1 << 12), (.lse2, .idAA64MMFR2, 1 << 32),
        (.exs, .idAA64MMFR0, 1 << 44), (.specres, .idAA64ISAR1, 1 << 40), (.ls64, .idAA64ISAR1, 1 << 60),
        ([.ls64, .ls64V], .idAA64ISAR1, 2 << 60), ([.ls64, .ls64V, .ls64AccData], .idAA64ISAR1, 3 << 60),
        (.mops, .idAA64ISAR2, 1 << 16),
        (.pan, .idAA64MMFR1, 1 << 20), ([.pan, .pan3], .idAA64MMFR1, 3 << 20), (.uao, .idAA64MMFR2, 1 << 4),
        (.dit, .idAA64PFR0, 1 << 48), (.bti, .idAA64PFR1, 1), (.ssbs, .idAA64PFR1, 2 << 4),
        (.mte, .idAA64PFR1, 2 << 8), ([], .idAA64PFR1, 1 << 8), (.nmi, .idAA64PFR1, 1 << 36),
        (.lse, .idAA64ISAR0, 2 << 20), (.rdm, .idAA64ISAR0, 1 << 28), (.sha1, .idAA64ISAR0, 1 << 8),
        (.aes, .idAA64ISAR0, 1 << 4), ([.aes, .pmull], .idAA64ISAR0, 2 << 4), (.sha256, .idAA64ISAR0, 1 << 12),
        ([.sha256, .sha512], .idAA64ISAR0, 2 << 12), (.pauth, .idAA64ISAR1, 1 << 4), (.pauth, .idAA64ISAR1, 1 << 8),
        (.pauth, .idAA64ISAR2, 1 << 12), (.granule16K, .idAA64MMFR0, 1 << 20),
        ([.granule16K, .lpa2Granule16K], .idAA64MMFR0, 2 << 20), (.lpa2Granule4K, .idAA64MMFR0, 1 << 28),
        (.lva, .idAA64MMFR2, 1 << 16), (.ttst, .idAA64MMFR2, 1 << 28), (.idst, .idAA64MMFR2, 1 << 36),
        (.e0pd, .idAA64MMFR2, 1 << 60), (.hpds, .idAA64MMFR1, 1 << 12), (.gicSystemRegisters, .idAA64PFR0, 1 << 24),
        ([], .idAA64DFR0, 0xf << 8),
    ]

    @Test("A field announces its features", arguments: 0..<rows.count)
    func field(index: Int) {
        let (expected, register, value) = Self.rows[index]
        // Features whose fields mean "implemented" when 0.
        let zero: ArchitectureFeatures = [.floatingPoint, .granule4K, .granule64K]
        #expect(ArchitectureFeatures { $0 == register ? value : 0 } == expected.union(zero))
    }

    @Test("Signed fields with all ones mean none")
    func none() {
        let values: [SystemRegisterEncoding: UInt64] = [.idAA64PFR0: 0xff << 16, .idAA64MMFR0: 0xff << 24]
        #expect(ArchitectureFeatures { values[$0] ?? 0 } == [])
    }

    @Test("A set's own ID register fields announce it again")
    func roundTrip() {
        let sets: [ArchitectureFeatures] = [
            [], .armv8_0, .all, [.pan], [.pan, .pan3], [.granule4K, .lpa2Granule4K], [.granule64K],
            [.granule16K, .lpa2Granule16K], [.pauth, .lse, .dpb], [.floatingPoint, .gicSystemRegisters, .pmu],
        ]
        let known = ArchitectureFeatures { _ in 0x7777_7777_7777_7777 }
        for features in sets {
            let again = ArchitectureFeatures { features.identificationFields(of: $0) }
            #expect(again == features.intersection(known))
        }
    }
}
