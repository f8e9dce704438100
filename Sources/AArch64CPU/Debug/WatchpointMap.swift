/// The watchpoints as ranges that do not overlap, in the order of their addresses.
///
/// The cost of an access grows with the logarithm of the number of ranges, and with its own size.
struct WatchpointMap {
    /// Bytes that the same watchpoints watch.
    private struct Range {
        var first: UInt64
        var last: UInt64
        /// The first watchpoint of the list for which a read stops, and for which a write does.
        var reader: Int?
        var writer: Int?
    }

    private var ranges: [Range] = []

    init(_ points: [Watchpoint] = []) {
        let points = points.enumerated().filter { $0.element.length > 0 }
        // Addresses at which the set of watchpoints changes. Nothing follows a range that ends at the last address.
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

    /// The first watchpoint of the list that an access to the bytes from `first` to `last` stops at.
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
