public import GuestAddresses

extension TranslationRegime {
    /// How many pages one half of the address space maps, if they are at most `limit`; nil if they are more, or can't
    /// be counted.
    ///
    /// A block counts as more, as does a tree of many tables: hostile ones, which may lead back to themselves, end the
    /// count as quickly as large ones.
    public func pageCount(upper isUpper: Bool, limit: Int, read: (PhysicalAddress) -> UInt64?) -> Int? {
        let table = isUpper ? upper : lower
        guard isEnabled, !table.isDisabled else { return 0 }
        let granule = UInt64(table.granuleBits)
        let stride = granule &- 3
        var waiting: [(base: UInt64, level: Int, bits: UInt64)] = []
        let firstLevel = Int(table.startLevel)
        let firstLow = granule &+ stride &* UInt64(truncatingIfNeeded: 3 &- firstLevel)
        waiting.append((table.baseAddress, firstLevel, UInt64(table.inputBits) &- firstLow))
        var tables = 0
        var pages = 0
        while let (base, level, bits) = waiting.popLast() {
            tables += 1
            guard tables <= Self.maximumTablesCounted else { return nil }
            for index in 0..<(UInt64(1) &<< bits) {
                guard var descriptor = read(PhysicalAddress(base &+ index &* 8)) else { return nil }
                if bigEndianTables { descriptor = descriptor.byteSwapped }
                switch descriptor & 3 {
                case 3 where level < 3:
                    guard waiting.count < Self.maximumTablesCounted else { return nil }
                    waiting.append((table.address(in: descriptor, lowBit: granule), level + 1, stride))
                case 3:
                    pages += 1
                    if pages > limit { return nil }
                case 1 where level < 3 && level >= Int(table.firstBlockLevel):
                    return nil
                default:
                    break
                }
            }
        }
        return pages
    }

    private static var maximumTablesCounted: Int { 16 }
}
