/// A field of an ID register that reports whether a feature is present.
struct FeatureField {
    /// The feature.
    var feature: ArchitectureFeatures
    /// The ID register.
    var register: SystemRegisterEncoding
    /// The lowest bit of the field, which has four bits.
    var shift: UInt64
    /// The smallest value of the field with which the feature is present.
    var value: UInt64
    /// Whether the value 0b1111 means that the feature is absent.
    var isSigned = false
}

extension ArchitectureFeatures {
    /// The fields of all features (Arm ARM, D17 "AArch64 System Register Descriptions", the ID_AA64* pages).
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

    /// Creates the set of features that the ID registers of a vCPU report.
    ///
    /// - Parameter read: returns the value of an ID register; 0 for a register that does not exist, as the architecture
    ///   specifies.
    public init(identification read: (SystemRegisterEncoding) -> UInt64) {
        var result: ArchitectureFeatures = []
        for field in Self.fields {
            let value = (read(field.register) >> field.shift) & 0xf
            if field.isSigned && value == 0xf { continue }
            if value >= field.value { result.insert(field.feature) }
        }
        self = result
    }

    /// Returns the value of an ID register in which the fields of ``fields`` report this set of features.
    ///
    /// The software CPU derives the values of its ID registers from it. Other fields are 0. A field that reports
    /// several features has the largest value for which the feature is in the set, and 0b1111 if that means that none
    /// is present.
    public func identificationFields(of register: SystemRegisterEncoding) -> UInt64 {
        var result: UInt64 = 0
        for field in Self.fields where field.register == register {
            // Pointer authentication is reported in API only: an IMPLEMENTATION DEFINED algorithm.
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

/// The numbers of breakpoint and watchpoint register pairs that a CPU has.
public struct DebugRegisterCounts: Hashable, Sendable {
    /// The number of breakpoint register pairs.
    public var breakpoints: Int
    /// The number of watchpoint register pairs.
    public var watchpoints: Int

    /// Creates counts from the two numbers.
    public init(breakpoints: Int, watchpoints: Int) {
        self.breakpoints = breakpoints
        self.watchpoints = watchpoints
    }

    /// Reads the counts from ID_AA64DFR0_EL1: BRPs (15:12) and WRPs (23:20), each of which holds the number minus one.
    public init(idAA64DFR0 value: UInt64) {
        breakpoints = Int(value[bits: 12...15]) + 1
        watchpoints = Int(value[bits: 20...23]) + 1
    }
}
