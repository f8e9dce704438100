extension VCPU {
    /// Whether a watchpoint has bytes in the page, so that its accesses must be looked at.
    func isWatched(page: UInt64) -> Bool {
        guard !cluster.watchpoints.isEmpty else { return false }
        let canonical = canonicalAddress(page, isFetch: false)
        return cluster.watchpoints.contains {
            $0.length > 0 && $0.address <= canonical | 0xFFF && canonical <= $0.lastAddress
        }
    }

    /// Throws when the access touches a watched byte in a watched way.
    ///
    /// Nothing has happened yet.
    func checkWatchpoints(_ va: UInt64, size: UInt64, isWrite: Bool) throws(MemoryAbort) {
        let kind: Watchpoint.Kinds = isWrite ? .write : .read
        let start = canonicalAddress(va, isFetch: false)
        let last = start &+ (size - 1)
        guard !ignoresWatchpoints else { return }
        for (number, point) in cluster.watchpoints.enumerated()
        where point.kinds.contains(kind) && point.length > 0 && point.address <= last && start <= point.lastAddress {
            throw .watchpoint(number, max(start, point.address))
        }
    }
}

extension Watchpoint {
    var lastAddress: UInt64 {
        let (last, overflow) = address.addingReportingOverflow(length - 1)
        return overflow ? .max : last
    }
}
