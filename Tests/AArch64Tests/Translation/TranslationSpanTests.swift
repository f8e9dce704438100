import AArch64
import GuestAddresses
import Testing

@Suite struct TranslationSpanTests {
    /// Both halves with 4 KiB pages and 39 bits: a gigabyte block at 0, two pages above it, and one block up high.
    private static let tables: [UInt64: UInt64] = [
        0x1000: 0x4000_0000 | 0x401,  // block of 1 GiB at VA 0
        0x1008: 0x2000 | 3,
        0x2000: 0x3000 | 3,
        0x3000: 0x5000_0000 | 0x403,  // page at VA 0x40000000
        0x3008: 0x5000_1000 | 0x403,
        0x3010: 0,
        0x9000: 0x8000_0000 | 0x401,  // block of 1 GiB at the bottom of the upper half
    ]

    private func regime(isEnabled: Bool = true, tcr: UInt64 = 25 | 25 << 16 | 2 << 30 | 5 << 32) -> TranslationRegime {
        TranslationRegime(
            sctlr: SCTLR(rawValue: isEnabled ? 1 : 0), tcr: TCR(rawValue: tcr), ttbr0: 0x1000, ttbr1: 0x9000,
            mair: 0xff,
            features: .armv8_0, physicalAddressBits: 48)
    }

    private func read(_ address: PhysicalAddress) -> UInt64? {
        address < 0xa000 ? Self.tables[address.rawValue] ?? 0 : nil
    }

    @Test(
        arguments: [
            (0x1234, 0, 0x3fff_ffff, 0x4000_0000), (0x4000_0fff, 0x4000_0000, 0x4000_0fff, 0x5000_0000),
            (0x4000_1000, 0x4000_1000, 0x4000_1fff, 0x5000_1000), (0x4000_2008, 0x4000_2000, 0x4000_2fff, nil),
            (0x4020_0000, 0x4020_0000, 0x403f_ffff, nil), (0x8000_0000, 0x8000_0000, 0xbfff_ffff, nil),
            (0x7f_ffff_ffff, 0x7f_c000_0000, 0x7f_ffff_ffff, nil),
            // Between the halves, tags or not.
            (0x80_0000_0000, 0x80_0000_0000, 0xffff_ff7f_ffff_ffff, nil),
            (0x0100_0000_0000_0000, 0x80_0000_0000, 0xffff_ff7f_ffff_ffff, nil),
            (0xffff_ff80_0000_0000, 0xffff_ff80_0000_0000, 0xffff_ff80_3fff_ffff, 0x8000_0000),
            (0xffff_ffff_ffff_ffff, 0xffff_ffff_c000_0000, 0xffff_ffff_ffff_ffff, nil),
        ] as [(VirtualAddress, VirtualAddress, VirtualAddress, PhysicalAddress?)])
    func eachAddressLiesInOneSpan(
        address: VirtualAddress, first: VirtualAddress, last: VirtualAddress, physical: PhysicalAddress?
    ) {
        let span = regime().span(of: address, read: read)
        #expect(span.first == first && span.last == last && span.translation?.physicalAddress == physical)
    }

    @Test(
        arguments: [
            25 | 25 << 16 | 2 << 30 | 5 << 32, 16 | 16 << 16 | 2 << 30, 39 | 30 << 16 | 2 << 30,
            25 | 1 << 7 | 25 << 16 | 1 << 23,
            20 | 20 << 16 | 1 << 14 | 3 << 30, 17 | 28 << 16 | 2 << 14 | 1 << 30, 0, 63 | 63 << 16,
            25 | 25 << 16 | 2 << 30 | 3 << 37,
        ] as [UInt64]) func spansCoverTheWholeAddressSpace(tcr: UInt64)
    {
        for isEnabled in [false, true] {
            let regime = regime(isEnabled: isEnabled, tcr: tcr)
            var next: VirtualAddress? = 0
            var count = 0
            while let address = next, count < 100_000 {
                let span = regime.span(of: address, read: read)
                guard span.first == address, span.last >= address else {
                    Issue.record("\(span) at \(address)")
                    return
                }
                // From anywhere inside it is the same.
                #expect(regime.span(of: span.last, read: read) == span)
                next = span.last == .max ? nil : span.last + 1
                count += 1
            }
            #expect(next == nil)
        }
    }

    @Test func tablesThatAreNotThereAreHoles() {
        let span = regime().span(of: 0x4000_0000) { $0 == 0x1008 ? 0x8000_0003 : nil }
        #expect(span == TranslationSpan(first: 0x4000_0000, last: 0x401f_ffff, translation: nil))
        let nothing = regime().span(of: 0) { _ in nil }
        #expect(nothing == TranslationSpan(first: 0, last: 0x3fff_ffff, translation: nil))
    }
}
