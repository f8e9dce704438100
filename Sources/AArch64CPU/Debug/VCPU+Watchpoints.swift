extension VCPU {
    /// Whether a watchpoint has bytes in the page.
    func isWatched(page: UInt64) -> Bool {
        guard !cluster.watchpoints.isEmpty else { return false }
        let canonical = canonicalAddress(page, isFetch: false)
        return cluster.watchpointMap.hasAny(from: canonical, through: canonical | 0xFFF)
    }

    /// Throws when the access touches a byte that a watchpoint watches for this kind of access.
    ///
    /// Called before the access changes anything.
    func checkWatchpoints(_ va: UInt64, size: UInt64, isWrite: Bool) throws(MemoryAbort) {
        guard !ignoresWatchpoints else { return }
        let start = canonicalAddress(va, isFetch: false)
        let last = start &+ (size - 1)
        guard let number = cluster.watchpointMap.point(from: start, through: last, isWrite: isWrite) else { return }
        throw .watchpoint(number, max(start, cluster.watchpoints[number].address))
    }
}

extension Watchpoint {
    var lastAddress: UInt64 {
        let (last, overflow) = address.addingReportingOverflow(length - 1)
        return overflow ? .max : last
    }
}
