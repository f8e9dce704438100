/// A decoder of the canonical prefix codes of RFC 1951, section 3.2.2, with one look-up for each symbol.
struct HuffmanTable {
    static let maximumLength = 15

    /// For each value of the next bits, the symbol in bits 15:4 and the code's length in bits 3:0.
    ///
    /// The length is 0 if no code begins with these bits.
    private let entries: [UInt16]
    private let mask: UInt64

    /// Makes a table from the length of each symbol's code, 0 for none; nil if so many codes of these lengths are
    /// impossible.
    init?(_ lengths: [UInt8]) {
        let longest = Int(lengths.max() ?? 0)
        guard longest <= Self.maximumLength else { return nil }
        var counts = [Int](repeating: 0, count: Self.maximumLength + 1)
        for length in lengths where length > 0 { counts[Int(length)] += 1 }
        let used = (1...Self.maximumLength).reduce(0) { $0 + counts[$1] << (Self.maximumLength - $1) }
        guard used <= 1 << Self.maximumLength else { return nil }
        self.init(lengths, counts, longest)
    }

    /// Makes a table from lengths that are known to be valid.
    init(complete lengths: [UInt8]) {
        var counts = [Int](repeating: 0, count: Self.maximumLength + 1)
        for length in lengths { counts[Int(length)] += 1 }
        self.init(lengths, counts, Int(lengths.max() ?? 0))
    }

    private init(_ lengths: [UInt8], _ counts: [Int], _ longest: Int) {
        var next = [Int](repeating: 0, count: Self.maximumLength + 2)
        for length in 1...Self.maximumLength { next[length + 1] = (next[length] + counts[length]) << 1 }
        var entries = [UInt16](repeating: 0, count: 1 << longest)
        for (symbol, length) in lengths.enumerated() where length > 0 {
            let length = Int(length)
            // The first bit of a code is the lowest in the data.
            let code = Self.reversed(next[length], length)
            next[length] += 1
            for index in stride(from: code, to: entries.count, by: 1 << length) {
                entries[index] = UInt16(symbol << 4 | length)
            }
        }
        self.entries = entries
        mask = UInt64(entries.count - 1)
    }

    func decode(_ bits: UInt64) -> (symbol: Int, length: Int)? {
        let entry = entries[Int(bits & mask)]
        return entry & 15 == 0 ? nil : (Int(entry >> 4), Int(entry & 15))
    }

    private static func reversed(_ code: Int, _ length: Int) -> Int {
        (0..<length).reduce(0) { $0 << 1 | code >> $1 & 1 }
    }
}
