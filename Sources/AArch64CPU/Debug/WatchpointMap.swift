/// The watchpoints as ranges that do not overlap, in the order of their addresses.
///
/// The cost of a look-up grows with the logarithm of the number of ranges and with the number of ranges accessed.
struct WatchpointMap {
    /// A range of bytes that the same watchpoints watch.
    private struct Range {
        var first: UInt64
        var last: UInt64
        /// Index of the first watchpoint that stops reads, and of the first that stops writes.
        var reader: Int?
        var writer: Int?
    }

    private var ranges: [Range] = []

    init(_ points: [Watchpoint] = []) {
        let points = points.enumerated().filter { $0.element.length > 0 }
        // The addresses at which the set of watchpoints changes. A range that ends at the last address has no
        // successor.
        var borders: Set<UInt64> = []
        for (_, point) in points {
            borders.insert(point.address)
            if point.lastAddress < .max { borders.insert(point.lastAddress + 1) }
        }
        let sorted = borders.sorted()
        ranges = sorted.indices.map { index in
            Range(first: sorted[index], last: index + 1 < sorted.count ? sorted[index + 1] - 1 : .max)
        }
        for (number, point) in points.reversed() {
            var index = firstIndex(endingAtOrAfter: point.address)
            while index < ranges.count, ranges[index].last <= point.lastAddress {
                if point.kinds.contains(.read) { ranges[index].reader = number }
                if point.kinds.contains(.write) { ranges[index].writer = number }
                index += 1
            }
        }
        ranges.removeAll { $0.reader == nil && $0.writer == nil }
    }

    /// Whether a byte from `first` to `last` is watched.
    func hasAny(from first: UInt64, through last: UInt64) -> Bool {
        let index = firstIndex(endingAtOrAfter: first)
        return index < ranges.count && ranges[index].first <= last
    }

    /// Returns the index of the first watchpoint that stops an access to the bytes from `first` to `last`.
    func point(from first: UInt64, through last: UInt64, isWrite: Bool) -> Int? {
        var found: Int?
        var index = firstIndex(endingAtOrAfter: first)
        while index < ranges.count, ranges[index].first <= last {
            if let number = isWrite ? ranges[index].writer : ranges[index].reader {
                found = min(found ?? number, number)
            }
            index += 1
        }
        return found
    }

    private func firstIndex(endingAtOrAfter address: UInt64) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = low + (high - low) / 2
            if ranges[middle].last < address { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
