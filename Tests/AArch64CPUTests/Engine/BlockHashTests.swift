import AArch64CPU
import Testing

@Suite("The table of decoded blocks")
struct BlockHashTests {
    @Test(
        "Spreads the blocks of pages that follow one another, however they are mapped",
        arguments: [0, 0xFFFF_8000_0000_0000, 0xFFFF_8000_0800_0000, 0xFFFF_FFFF_BFC0_0000, 0x1000] as [UInt64])
    func spread(offset: UInt64) {
        // 16 blocks in each of 1024 pages.
        let physical = (0..<(1 << 14)).map { 0x4020_0000 + UInt64($0) << 8 }
        let buckets = Set(physical.map { BlockHash.bucket(virtual: $0 &+ offset, physical: $0) })
        // At random, 2^14 blocks would be in 14,496 of 2^16 buckets.
        #expect(buckets.count > 12_000)
    }

    @Test("Spreads one page that is mapped at many addresses")
    func aliases() {
        let aliases = (0..<1024).map { 0x40_0000 + UInt64($0) << 12 }
        let buckets = Set(aliases.map { BlockHash.bucket(virtual: $0, physical: 0x4020_0000) })
        #expect(buckets.count > 900)
    }
}
