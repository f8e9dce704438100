import AArch64
import Testing

/// A processor that both decoders can be configured as.
struct ReferenceProcessor: Sendable, CustomTestStringConvertible {
    var name: String
    var features: ArchitectureFeatures
    var attributes: [String]

    var testDescription: String { name }

    static let all: [ReferenceProcessor] = [
        ReferenceProcessor(
            name: "the default processor", features: .integerBase,
            attributes: ["-fp-armv8", "-neon", "+lse", "+crc", "+el3"]),
        ReferenceProcessor(
            name: "ARMv8.0-A with Advanced SIMD", features: [.floatingPoint],
            attributes: ["+fp-armv8", "+neon", "+el3"]),
        ReferenceProcessor(
            name: "every extension but SVE and SME",
            features: ArchitectureFeatures(rawValue: .max).subtracting([.sve, .sme]),
            attributes: [
                "+fp-armv8", "+neon", "+el3", "+lse", "+crc", "+lor", "+pan", "+uaops", "+dit", "+ssbs", "+sb", "+rdm",
                "+rcpc", "+rcpc-immo", "+flagm", "+altnzcv", "+dotprod", "+fullfp16", "+fp16fml", "+complxnum",
                "+jsconv", "+pauth", "+mte", "+bti", "+ls64", "+mops", "+wfxt", "+cssc", "+aes", "+sha2", "+sha3",
                "+sm4", "+fptoint", "+bf16", "+i8mm", "+hbc", "+xs", "+nmi", "+lse128",
            ]),
    ]
}

/// Aliases that LLVM prints even with aliases disabled.
enum ReferenceAliases {
    static let names: [Instruction: [String]] = [
        .lslv: ["lsl"], .lsrv: ["lsr"], .asrv: ["asr"], .rorv: ["ror"],
        .movn: ["mov"], .movz: ["mov"], .orrImmediate: ["mov"],
        .sbfm: ["sbfx", "sbfiz", "asr", "sxtb", "sxth", "sxtw"],
        .ubfm: ["ubfx", "ubfiz", "lsl", "lsr", "uxtb", "uxth"],
        .bfm: ["bfi", "bfxil", "bfc"],
        .nop: ["hint"], .yield: ["hint"], .wfe: ["hint"], .wfi: ["hint"], .sev: ["hint"], .sevl: ["hint"],
        .sys: ["at", "dc", "ic", "tlbi", "cfp", "cpp", "dvp"],
        .prfmRegister: ["rprfm"], .dupElementScalar: ["mov"],
        .xpaclri: ["hint"], .pacia1716: ["hint"], .pacib1716: ["hint"], .autia1716: ["hint"], .autib1716: ["hint"],
        .paciaz: ["hint"], .paciasp: ["hint"], .pacibz: ["hint"], .pacibsp: ["hint"],
        .autiaz: ["hint"], .autiasp: ["hint"], .autibz: ["hint"], .autibsp: ["hint"], .bti: ["hint"],
    ]
}

/// Words on which LLVM differs from the manual, and what the manual says.
struct Disagreement: Sendable, CustomTestStringConvertible {
    var mask: UInt32
    var value: UInt32
    /// LLVM's mnemonics for them.
    var mnemonics: Set<String>
    /// One such word for the processor with every extension; when LLVM agrees on it one day, the entry can go.
    var example: UInt32
    var reason: String

    var testDescription: String { reason }

    func covers(_ word: UInt32, _ mnemonic: String?) -> Bool {
        word & mask == value && mnemonics.contains(mnemonic ?? "unknown")
    }

    static let justified: [Disagreement] = [
        Disagreement(
            mask: 0xFFD8_0000, value: 0xD500_0000, mnemonics: ["msr", "mrs"], example: 0xD523_205F,
            reason: "op0 = 0b00 holds hints, barriers and PSTATE fields, never a system register"),
        Disagreement(
            mask: 0x3FE0_FC00, value: 0x38A0_C000, mnemonics: ["unknown"], example: 0x38BE_C03F,
            reason: "LDAPR: Rs is a should-be-one field, which a processor may ignore"),
        Disagreement(
            mask: 0xFB20_0C00, value: 0x1900_0400, mnemonics: ["unknown"], example: 0x1D8F_4610,
            reason: "CPY*, SET*: equal registers, and XZR, are CONSTRAINED UNPREDICTABLE, not unallocated"),
    ]
}
