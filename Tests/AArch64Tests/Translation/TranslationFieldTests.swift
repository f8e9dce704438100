import AArch64
import Testing

/// Fields of registers that a walk depends on, and words for attributes.
@Suite("Translation fields")
struct TranslationFieldTests {
    static let memoryTypeRows: [(UInt8, String)] = [
        (0x00, "Device-nGnRnE"), (0x04, "Device-nGnRE"), (0x08, "Device-nGRE"), (0x0c, "Device-GRE"),
        (0x44, "Normal, Non-cacheable"), (0xff, "Normal, Write-Back"), (0xbb, "Normal, Write-Through"),
        (0xf0, "Normal, Tagged Write-Back"), (0x4f, "Normal, Outer Non-cacheable, Inner Write-Back"),
        (0x77, "Normal, Write-Back Transient"),
    ]

    @Test("MAIR bytes read as words", arguments: memoryTypeRows)
    func memoryTypes(byte: UInt8, text: String) {
        #expect(MemoryAttributes(rawValue: byte).text == text)
        #expect(MemoryAttributes(rawValue: byte).isDevice == text.hasPrefix("Device"))
    }

    /// D8.2, TCR_EL1.TG0 and TG1.
    static let granuleRows: [(UInt64, TranslationGranule, TranslationGranule)] = [
        (0b00, .size4K, .size4K), (0b01, .size64K, .size16K),
        (0b10, .size16K, .size4K), (0b11, .size4K, .size64K),
    ]

    @Test("TG0 and TG1 have their own encodings", arguments: granuleRows)
    func granules(bits: UInt64, tg0: TranslationGranule, tg1: TranslationGranule) {
        #expect(TCR(rawValue: bits << 14).granule(upper: false) == tg0)
        #expect(TCR(rawValue: bits << 30).granule(upper: true) == tg1)
    }

    static let asidRows: [(UInt64, UInt16)] = [
        (0, 0x34), (1 << 22, 0x78), (1 << 36, 0x1234), (1 << 36 | 1 << 22, 0x5678),
    ]

    @Test("The ASID comes from the register TCR_EL1.A1 names, in the width AS says", arguments: asidRows)
    func asid(tcr: UInt64, asid: UInt16) {
        #expect(TCR(rawValue: tcr).asid(ttbr0: 0x1234 << 48, ttbr1: 0x5678 << 48) == asid)
    }
}
