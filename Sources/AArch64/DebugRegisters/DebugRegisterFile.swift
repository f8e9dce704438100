/// A range of bytes to watch.
public struct WatchedRange: Hashable, Sendable {
    public var address: UInt64
    public var length: UInt64
    public var access: WatchedAccess

    public init(address: UInt64, length: UInt64, access: WatchedAccess) {
        self.address = address
        self.length = length
        self.access = access
    }

    /// Whether no byte is outside the address space.
    var isValid: Bool { length > 0 && !address.addingReportingOverflow(length - 1).overflow }
}

/// The debug registers of one vCPU with everything a debugger asked for in them.
///
/// Breakpoints and watchpoints have registers of their own and are counted apart.
public struct DebugRegisterFile: Hashable, Sendable {
    public var breakpoints: [DebugRegisterPair]
    public var watchpoints: [DebugRegisterPair]
    /// What each register in `watchpoints` is a part of: the index in the list of ranges.
    public var owners: [Int]

    /// Assigns registers in the order given; throws when there are not enough.
    public init(
        breakpoints addresses: [UInt64], watchpoints ranges: [WatchedRange], counts: DebugRegisterCounts
    ) throws(DebugRegisterError) {
        guard addresses.count <= counts.breakpoints else {
            throw .tooManyBreakpoints(needed: addresses.count, available: counts.breakpoints)
        }
        breakpoints = []
        for address in addresses { breakpoints.append(try DebugRegisterEncoding.breakpoint(at: address)) }
        watchpoints = []
        owners = []
        for (index, range) in ranges.enumerated() {
            let pairs = try DebugRegisterEncoding.watchpoints(
                range.address, length: range.length, access: range.access)
            watchpoints.append(contentsOf: pairs)
            owners.append(contentsOf: Array(repeating: index, count: pairs.count))
        }
        guard watchpoints.count <= counts.watchpoints else {
            throw .tooManyWatchpoints(needed: watchpoints.count, available: counts.watchpoints)
        }
    }
}

extension WatchedRange {
    /// Which of the ranges a watchpoint exception with this FAR is for, and the watched byte to report.
    ///
    /// FAR may be any address of the access, below the watched bytes (a wide store, DC ZVA) or above: the nearest
    /// range that watches such accesses is it, the first of several as near. The byte lies in the range, so that the
    /// client finds its own watchpoint. An address tag in `far` doesn't count.
    /// Arm ARM, D2.10 "Watchpoint exceptions", "Determining the memory location that caused the exception".
    public static func nearest(
        to far: UInt64, write: Bool, in ranges: [WatchedRange]
    ) -> (index: Int, address: UInt64)? {
        let fault = withoutTag(far)
        var best: (index: Int, address: UInt64, distance: UInt64)?
        for (index, range) in ranges.enumerated() where range.isValid && range.access.includes(write: write) {
            let first = withoutTag(range.address)
            let last = first &+ (range.length - 1)
            let reported = fault < first ? first : min(fault, last)
            let distance = fault < first ? first - fault : fault - reported
            if let found = best, found.distance <= distance { continue }
            best = (index, range.address &+ (reported &- first), distance)
        }
        return best.map { ($0.index, $0.address) }
    }

    private static func withoutTag(_ address: UInt64) -> UInt64 {
        UInt64(bitPattern: Int64(bitPattern: address &<< 8) &>> 8)
    }
}
