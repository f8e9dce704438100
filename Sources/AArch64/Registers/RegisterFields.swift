public import TargetDescription

/// The named fields of the registers that a debugger shows field by field.
///
/// Arm ARM, DDI 0487, D19 "AArch64 System Register Descriptions" and C5.2, the page of each register.
public enum RegisterFields {
    /// A named range of bits.
    public typealias Field = TypeDescription.Field

    /// Returns a field of one bit.
    private static func bit(_ name: String, _ index: Int) -> Field { Field(name, index...index) }

    /// The fields of the lower half of PSTATE, with the names of GDB's own target description.
    public static let cpsr: [Field] = [
        bit("SP", 0), Field("EL", 2...3), bit("nRW", 4), bit("F", 6), bit("I", 7), bit("A", 8), bit("D", 9),
        Field("BTYPE", 10...11), bit("SSBS", 12), bit("ALLINT", 13), bit("IL", 20), bit("SS", 21), bit("PAN", 22),
        bit("UAO", 23), bit("DIT", 24), bit("TCO", 25), bit("V", 28), bit("C", 29), bit("Z", 30), bit("N", 31),
    ]

    /// The fields of FPSR.
    public static let fpsr: [Field] = [
        bit("IOC", 0), bit("DZC", 1), bit("OFC", 2), bit("UFC", 3), bit("IXC", 4), bit("IDC", 7), bit("QC", 27),
        bit("V", 28), bit("C", 29), bit("Z", 30), bit("N", 31),
    ]

    /// The fields of FPCR.
    public static let fpcr: [Field] = [
        bit("FIZ", 0), bit("AH", 1), bit("NEP", 2), bit("IOE", 8), bit("DZE", 9), bit("OFE", 10), bit("UFE", 11),
        bit("IXE", 12), bit("EBF", 13), bit("IDE", 15), Field("Len", 16...18), bit("FZ16", 19),
        Field("Stride", 20...21), Field("RMode", 22...23), bit("FZ", 24), bit("DN", 25), bit("AHP", 26),
    ]

    /// The fields of SCTLR_EL1.
    public static let sctlr: [Field] = [
        bit("M", 0), bit("A", 1), bit("C", 2), bit("SA", 3), bit("SA0", 4), bit("CP15BEN", 5), bit("nAA", 6),
        bit("ITD", 7), bit("SED", 8), bit("UMA", 9), bit("EnRCTX", 10), bit("EOS", 11), bit("I", 12),
        bit("EnDB", 13), bit("DZE", 14), bit("UCT", 15), bit("nTWI", 16), bit("nTWE", 18), bit("WXN", 19),
        bit("TSCXT", 20), bit("IESB", 21), bit("EIS", 22), bit("SPAN", 23), bit("E0E", 24), bit("EE", 25),
        bit("UCI", 26), bit("EnDA", 27), bit("nTLSMD", 28), bit("LSMAOE", 29), bit("EnIB", 30), bit("EnIA", 31),
        bit("CMOW", 32), bit("MSCEn", 33), bit("BT0", 35), bit("BT1", 36), bit("ITFSB", 37), Field("TCF0", 38...39),
        Field("TCF", 40...41), bit("ATA0", 42), bit("ATA", 43), bit("DSSBS", 44), bit("TWEDEn", 45),
        Field("TWEDEL", 46...49), bit("EnASR", 54), bit("EnAS0", 55), bit("EnALS", 56), bit("EPAN", 57),
        bit("TCSO0", 58), bit("TCSO", 59), bit("EnTP2", 60), bit("NMI", 61), bit("SPINTMASK", 62), bit("TIDCP", 63),
    ]

    /// The fields of TCR_EL1.
    public static let tcr: [Field] = [
        Field("T0SZ", 0...5), bit("EPD0", 7), Field("IRGN0", 8...9), Field("ORGN0", 10...11), Field("SH0", 12...13),
        Field("TG0", 14...15, type: "tg0"), Field("T1SZ", 16...21), bit("A1", 22), bit("EPD1", 23),
        Field("IRGN1", 24...25), Field("ORGN1", 26...27), Field("SH1", 28...29), Field("TG1", 30...31, type: "tg1"),
        Field("IPS", 32...34, type: "ips"), bit("AS", 36), bit("TBI0", 37), bit("TBI1", 38), bit("HA", 39),
        bit("HD", 40), bit("HPD0", 41), bit("HPD1", 42), bit("TBID0", 51), bit("TBID1", 52), bit("NFD0", 53),
        bit("NFD1", 54), bit("E0PD0", 55), bit("E0PD1", 56), bit("TCMA0", 57), bit("TCMA1", 58), bit("DS", 59),
        bit("MTX0", 60), bit("MTX1", 61),
    ]

    /// The fields of ESR_EL1.
    public static let esr: [Field] = [
        Field("ISS", 0...24), bit("IL", 25), Field("EC", 26...31, type: "exception_class"), Field("ISS2", 32...55),
    ]

    /// The fields of CPACR_EL1.
    public static let cpacr: [Field] = [
        Field("ZEN", 16...17), Field("FPEN", 20...21), Field("SMEN", 24...25), bit("TTA", 28),
    ]

    /// The fields that are RES0 without certain features, by name and for all registers together.
    ///
    /// A row with several features applies if all of them are absent. A feature that
    /// ``ArchitectureFeatures/init(identification:)`` does not detect has no row, so its fields are always shown.
    private static let optional: [(feature: ArchitectureFeatures, names: Set<String>)] = [
        (.pan, ["PAN", "SPAN"]), (.pan3, ["EPAN"]), (.uao, ["UAO"]), (.dit, ["DIT"]), (.ssbs, ["SSBS", "DSSBS"]),
        (.bti, ["BTYPE", "BT0", "BT1"]), (.nmi, ["ALLINT", "NMI", "SPINTMASK"]), (.iesb, ["IESB"]),
        (.mte, ["TCO", "ITFSB", "TCF0", "TCF", "ATA0", "ATA", "TCSO0", "TCSO", "TCMA0", "TCMA1", "MTX0", "MTX1"]),
        (.pauth, ["EnIA", "EnIB", "EnDA", "EnDB", "TBID0", "TBID1"]), (.csv2, ["TSCXT"]), (.hpds, ["HPD0", "HPD1"]),
        (.e0pd, ["E0PD0", "E0PD1"]), (.sve, ["ZEN", "NFD0", "NFD1"]), (.sme, ["SMEN", "EnTP2"]),
        ([.lpa2Granule4K, .lpa2Granule16K], ["DS"]), (.hafdbs, ["HA", "HD"]), (.twed, ["TWEDEn", "TWEDEL"]),
        (.tidcp1, ["TIDCP"]), (.cmow, ["CMOW"]), (.lsmaoc, ["LSMAOE", "nTLSMD"]), (.lse2, ["nAA"]),
        (.exs, ["EIS", "EOS"]), (.specres, ["EnRCTX"]), (.ls64, ["EnALS"]), (.ls64V, ["EnASR"]),
        (.ls64AccData, ["EnAS0"]), (.mops, ["MSCEn"]), (.afp, ["FIZ", "AH", "NEP"]), (.fp16, ["FZ16"]),
        (.aarch32, ["CP15BEN", "ITD", "SED"]),
    ]

    /// Returns those of `fields` that a CPU with the given features has.
    static func present(_ fields: [Field], with features: ArchitectureFeatures) -> [Field] {
        let missing = optional.filter { $0.feature.isDisjoint(with: features) }
        return fields.filter { field in !missing.contains { $0.names.contains(field.name) } }
    }

    /// Returns the nonzero fields of a value in the format of GDB, such as `[ M C I ]`, or `EL=1` for a wider field.
    public static func text(_ value: UInt64, fields: [Field]) -> String {
        var words = "["
        for field in fields {
            let content = value[bits: field.bits]
            guard content != 0 else { continue }
            words += field.bits.count == 1 ? " \(field.name)" : " \(field.name)=\(content)"
        }
        return words + " ]"
    }
}
