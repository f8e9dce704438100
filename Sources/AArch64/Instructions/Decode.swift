/// Decodes an instruction word for a CPU with the given features.
///
/// The result is ``Instruction/unallocated`` if no row of ``InstructionTable`` matches. Thread-safe. The first call
/// builds the index; later calls do not allocate memory.
package func decode(_ word: UInt32, features: ArchitectureFeatures) -> Instruction {
    DecodeIndex.shared.decode(word, features: features)
}

/// An index of the instruction table by bits of the instruction word.
///
/// Bits 31:21 select a bucket. A bucket with more than ``longestList`` rows is split, and bits 15:10 select one of the
/// 64 buckets in its place. A bucket holds the numbers of its rows, most specific first.
struct DecodeIndex: Sendable {
    /// The 2,048 buckets that bits 31:21 select, followed by those of split buckets.
    private let buckets: [Bucket]
    /// The row numbers of all buckets, each an index in `candidates`.
    private let lists: [UInt16]
    /// The rows, most specific first.
    private let candidates: [Candidate]

    /// The index of ``InstructionTable/rows``.
    static let shared = DecodeIndex(rows: InstructionTable.rows)

    /// A range of row numbers in `lists`, or, if `isSplit` is set, the index of the first of 64 buckets.
    private struct Bucket {
        var start: UInt32
        var count: UInt16
        var isSplit: Bool
    }

    /// The part of a row that decoding needs.
    private struct Candidate {
        var mask: UInt32
        var value: UInt32
        var features: UInt128
        var instruction: Instruction
        var constraint: EncodingConstraint
    }

    /// The bits of the word that select a bucket.
    private static let first = (mask: UInt32(0x7FF) << 21, shift: UInt32(21), count: 2048)
    /// The bits of the word that select a bucket in place of a split one.
    private static let second = (mask: UInt32(0x3F) << 10, shift: UInt32(10), count: 64)
    /// The maximum number of rows in a bucket that is not split.
    private static let longestList = 4

    /// Builds the index of the given rows.
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

    /// Returns the instruction of the most specific row that matches the word and whose features are present.
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

    /// Returns a list of row numbers for each value of the selecting bits.
    ///
    /// A row is in the list of every value that it can match.
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
