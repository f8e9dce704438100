/// Where an ID register says that a feature is there.
struct FeatureField {
    var feature: ArchitectureFeatures
    var register: SystemRegisterEncoding
    /// The lowest bit of the four.
    var shift: UInt64
    /// The smallest value with the feature; the fields grow upwards.
    var value: UInt64
    /// Fields where 0b1111 means "none" and 0 "there".
    var isSigned = false
}

extension ArchitectureFeatures {
    /// The ID registers' fields (Arm ARM, D17 "AArch64 System Register Descriptions", the ID_AA64* pages).
    static let fields: [FeatureField] = [
        FeatureField(feature: .aarch32, register: .idAA64PFR0, shift: 0, value: 2),
        FeatureField(feature: .floatingPoint, register: .idAA64PFR0, shift: 16, value: 0, isSigned: true),
        FeatureField(feature: .gicSystemRegisters, register: .idAA64PFR0, shift: 24, value: 1),
        FeatureField(feature: .ras, register: .idAA64PFR0, shift: 28, value: 1),
        FeatureField(feature: .sve, register: .idAA64PFR0, shift: 32, value: 1),
        FeatureField(feature: .dit, register: .idAA64PFR0, shift: 48, value: 1),
        FeatureField(feature: .csv2, register: .idAA64PFR0, shift: 56, value: 2),
        FeatureField(feature: .bti, register: .idAA64PFR1, shift: 0, value: 1),
        FeatureField(feature: .ssbs, register: .idAA64PFR1, shift: 4, value: 1),
        FeatureField(feature: .mte, register: .idAA64PFR1, shift: 8, value: 2),
        FeatureField(feature: .sme, register: .idAA64PFR1, shift: 24, value: 1),
        FeatureField(feature: .nmi, register: .idAA64PFR1, shift: 36, value: 1),
        FeatureField(feature: .pmu, register: .idAA64DFR0, shift: 8, value: 1, isSigned: true),
        FeatureField(feature: .aes, register: .idAA64ISAR0, shift: 4, value: 1),
        FeatureField(feature: .pmull, register: .idAA64ISAR0, shift: 4, value: 2),
        FeatureField(feature: .sha1, register: .idAA64ISAR0, shift: 8, value: 1),
        FeatureField(feature: .sha256, register: .idAA64ISAR0, shift: 12, value: 1),
        FeatureField(feature: .sha512, register: .idAA64ISAR0, shift: 12, value: 2),
        FeatureField(feature: .crc32, register: .idAA64ISAR0, shift: 16, value: 1),
        FeatureField(feature: .lse, register: .idAA64ISAR0, shift: 20, value: 2),
        FeatureField(feature: .rdm, register: .idAA64ISAR0, shift: 28, value: 1),
        FeatureField(feature: .rng, register: .idAA64ISAR0, shift: 60, value: 1),
        FeatureField(feature: .dpb, register: .idAA64ISAR1, shift: 0, value: 1),
        FeatureField(feature: .pauth, register: .idAA64ISAR1, shift: 4, value: 1),
        FeatureField(feature: .pauth, register: .idAA64ISAR1, shift: 8, value: 1),
        FeatureField(feature: .pauth, register: .idAA64ISAR2, shift: 12, value: 1),
        FeatureField(feature: .asid16, register: .idAA64MMFR0, shift: 4, value: 2),
        FeatureField(feature: .granule16K, register: .idAA64MMFR0, shift: 20, value: 1),
        FeatureField(feature: .lpa2Granule16K, register: .idAA64MMFR0, shift: 20, value: 2),
        FeatureField(feature: .granule64K, register: .idAA64MMFR0, shift: 24, value: 0, isSigned: true),
        FeatureField(feature: .granule4K, register: .idAA64MMFR0, shift: 28, value: 0, isSigned: true),
        FeatureField(feature: .lpa2Granule4K, register: .idAA64MMFR0, shift: 28, value: 1, isSigned: true),
        FeatureField(feature: .ecv, register: .idAA64MMFR0, shift: 60, value: 1),
        FeatureField(feature: .hpds, register: .idAA64MMFR1, shift: 12, value: 1),
        FeatureField(feature: .lor, register: .idAA64MMFR1, shift: 16, value: 1),
        FeatureField(feature: .pan, register: .idAA64MMFR1, shift: 20, value: 1),
        FeatureField(feature: .pan3, register: .idAA64MMFR1, shift: 20, value: 3),
        FeatureField(feature: .uao, register: .idAA64MMFR2, shift: 4, value: 1),
        FeatureField(feature: .lva, register: .idAA64MMFR2, shift: 16, value: 1),
        FeatureField(feature: .ccidx, register: .idAA64MMFR2, shift: 20, value: 1),
        FeatureField(feature: .ttst, register: .idAA64MMFR2, shift: 28, value: 1),
        FeatureField(feature: .idst, register: .idAA64MMFR2, shift: 36, value: 1),
        FeatureField(feature: .e0pd, register: .idAA64MMFR2, shift: 60, value: 1),
        FeatureField(feature: .hafdbs, register: .idAA64MMFR1, shift: 0, value: 1),
        FeatureField(feature: .twed, register: .idAA64MMFR1, shift: 32, value: 1),
        FeatureField(feature: .afp, register: .idAA64MMFR1, shift: 44, value: 1),
        FeatureField(feature: .tidcp1, register: .idAA64MMFR1, shift: 52, value: 1),
        FeatureField(feature: .cmow, register: .idAA64MMFR1, shift: 56, value: 1),
        FeatureField(feature: .lsmaoc, register: .idAA64MMFR2, shift: 8, value: 1),
        FeatureField(feature: .iesb, register: .idAA64MMFR2, shift: 12, value: 1),
        FeatureField(feature: .lse2, register: .idAA64MMFR2, shift: 32, value: 1),
        FeatureField(feature: .exs, register: .idAA64MMFR0, shift: 44, value: 1),
        FeatureField(feature: .specres, register: .idAA64ISAR1, shift: 40, value: 1),
        FeatureField(feature: .ls64, register: .idAA64ISAR1, shift: 60, value: 1),
        FeatureField(feature: .ls64V, register: .idAA64ISAR1, shift: 60, value: 2),
        FeatureField(feature: .ls64AccData, register: .idAA64ISAR1, shift: 60, value: 3),
        FeatureField(feature: .mops, register: .idAA64ISAR2, shift: 16, value: 1),
        FeatureField(feature: .fp16, register: .idAA64PFR0, shift: 16, value: 1, isSigned: true),
    ]

    /// The features that a vCPU's ID registers announce.
    ///
    /// - Parameter read: the value of an ID register; 0 for one that doesn't exist, as the architecture has it.
    public init(identification read: (SystemRegisterEncoding) -> UInt64) {
        var result: ArchitectureFeatures = []
        for field in Self.fields {
            let value = (read(field.register) >> field.shift) & 0xf
            if field.isSigned && value == 0xf { continue }
            if value >= field.value { result.insert(field.feature) }
        }
        self = result
    }

    /// The value of an ID register's fields for these features: what a software CPU's own value starts from.
    ///
    /// Fields that no feature here stands for are 0, and a field with several values has the largest that is met.
    public func identificationFields(of register: SystemRegisterEncoding) -> UInt64 {
        var result: UInt64 = 0
        for field in Self.fields where field.register == register {
            // One algorithm of pointer authentication is enough: a software CPU's own, in API.
            if field.feature == .pauth && (register != .idAA64ISAR1 || field.shift != 8) { continue }
            let current = (result >> field.shift) & 0xf
            if contains(field.feature) {
                let value = current == 0xf ? field.value : Swift.max(current, field.value)
                result = (result & ~(0xf << field.shift)) | value << field.shift
            } else if field.isSigned && field.value == 0 {
                result |= 0xf << field.shift
            }
        }
        return result
    }
}

/// How many debug registers ID_AA64DFR0_EL1 says there are.
public struct DebugRegisterCounts: Hashable, Sendable {
    public var breakpoints: Int
    public var watchpoints: Int

    public init(breakpoints: Int, watchpoints: Int) {
        self.breakpoints = breakpoints
        self.watchpoints = watchpoints
    }

    /// BRPs, bits 15:12, and WRPs, bits 23:20, each one less than there are.
    public init(idAA64DFR0 value: UInt64) {
        breakpoints = Int(value[bits: 12...15]) + 1
        watchpoints = Int(value[bits: 20...23]) + 1
    }
}
