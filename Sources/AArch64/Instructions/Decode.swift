/// Finds what a word is, for a processor that has the features.
///
/// Thread-safe, and allocates nothing once the first call has built the index.
package func decode(_ word: UInt32, features: ArchitectureFeatures) -> Instruction {
    DecodeIndex.shared.decode(word, features: features)
}

/// The instruction table laid out for look-up.
///
/// Bits 31:21 select a bucket; where more than a few rows share one, bits 15:10 select again. A bucket holds the
/// numbers of its rows, most specific first.
struct DecodeIndex: Sendable {
    private let buckets: [Bucket]
    private let lists: [UInt16]
    private let candidates: [Candidate]

    static let shared = DecodeIndex(rows: InstructionTable.rows)

    /// Where a bucket's row numbers start and how many there are; or, with `isSplit`, where its 64 buckets start.
    private struct Bucket {
        var start: UInt32
        var count: UInt16
        var isSplit: Bool
    }

    /// A row without its text.
    private struct Candidate {
        var mask: UInt32
        var value: UInt32
        var features: UInt128
        var instruction: Instruction
        var constraint: EncodingConstraint
    }

    /// The bits that select first, and from where.
    private static let first = (mask: UInt32(0x7FF) << 21, shift: UInt32(21), count: 2048)
    /// The bits that select again, and from where.
    private static let second = (mask: UInt32(0x3F) << 10, shift: UInt32(10), count: 64)
    /// Up to this many rows are searched one after the other.
    private static let longestList = 4

    init(rows: [InstructionRow]) {
        let sorted = rows.sorted { $0.mask.nonzeroBitCount > $1.mask.nonzeroBitCount }
        candidates = sorted.map { row in
            Candidate(
                mask: row.mask, value: row.value, features: row.features.rawValue,
                instruction: row.instruction, constraint: row.constraint)
        }

        var buckets: [Bucket] = []
        var lists: [UInt16] = []
        func bucket(_ list: [UInt16]) -> Bucket {
            let start = lists.count
            lists += list
            return Bucket(start: UInt32(start), count: UInt16(list.count), isSplit: false)
        }
        let all = Array(UInt16(0)..<UInt16(sorted.count))
        var splits: [(place: Int, list: [UInt16])] = []
        for list in Self.distribute(all, of: sorted, by: Self.first) {
            if list.count > Self.longestList { splits.append((buckets.count, list)) }
            buckets.append(list.count > Self.longestList ? Bucket(start: 0, count: 0, isSplit: true) : bucket(list))
        }
        for split in splits {
            buckets[split.place].start = UInt32(buckets.count)
            for list in Self.distribute(split.list, of: sorted, by: Self.second) { buckets.append(bucket(list)) }
        }
        self.buckets = buckets
        self.lists = lists
    }

    func decode(_ word: UInt32, features: ArchitectureFeatures) -> Instruction {
        var bucket = buckets[Int(word >> Self.first.shift)]
        if bucket.isSplit {
            bucket = buckets[Int(bucket.start &+ (word & Self.second.mask) >> Self.second.shift)]
        }
        let missing = ~features.rawValue
        let start = Int(bucket.start)
        for place in start..<start + Int(bucket.count) {
            let candidate = candidates[Int(lists[place])]
            if word & candidate.mask == candidate.value, candidate.features & missing == 0,
                candidate.constraint.holds(for: word)
            {
                return candidate.instruction
            }
        }
        return .unallocated
    }

    /// Sorts row numbers into one list for each value of the selecting bits; a row goes into all it can match.
    private static func distribute(
        _ numbers: [UInt16], of rows: [InstructionRow], by selector: (mask: UInt32, shift: UInt32, count: Int)
    ) -> [[UInt16]] {
        var lists = [[UInt16]](repeating: [], count: selector.count)
        for number in numbers {
            let row = rows[Int(number)]
            let free = ~row.mask & selector.mask
            var filling: UInt32 = 0
            repeat {
                lists[Int((row.value & selector.mask | filling) >> selector.shift)].append(number)
                filling = (filling &- free) & free
            } while filling != 0
        }
        return lists
    }
}
