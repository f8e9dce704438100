/// A range of bytes to watch, and the accesses to stop at.
public struct WatchedRange: Hashable, Sendable {
    /// The virtual address of the first byte.
    public var address: UInt64
    /// The number of bytes.
    public var length: UInt64
    /// The accesses that stop the vCPU.
    public var access: WatchedAccess

    /// Creates a range without checking it.
    public init(address: UInt64, length: UInt64, access: WatchedAccess) {
        self.address = address
        self.length = length
        self.access = access
    }

    /// Whether the range has at least one byte and lies within the address space.
    var isValid: Bool { length > 0 && !address.addingReportingOverflow(length - 1).overflow }
}

/// The debug registers of one vCPU, set up for all breakpoints and watchpoints of a debugger.
///
/// Breakpoints and watchpoints use different registers and have separate counts.
public struct DebugRegisterFile: Hashable, Sendable {
    /// The values of the breakpoint register pairs, one for each breakpoint.
    public var breakpoints: [DebugRegisterPair]
    /// The values of the watchpoint register pairs; a range may take several.
    public var watchpoints: [DebugRegisterPair]
    /// The index, in the list of watched ranges, of the range that each element of `watchpoints` is part of.
    public var owners: [Int]

    /// Assigns register pairs in the given order.
    ///
    /// Throws if an address or a range is not valid, or if the machine has too few register pairs.
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
    /// Returns the index of the range that caused a watchpoint exception with this FAR, and the watched byte to report.
    ///
    /// FAR may hold any address of the access, below the watched bytes (a wide store, DC ZVA) or above them. The result
    /// is therefore the nearest range that watches accesses of this kind, or the first of several ranges at the same
    /// distance, and nil if no range watches them. The reported byte lies in the range, so that the client recognizes
    /// its own watchpoint. An address tag in `far` is ignored. Arm ARM, D2.10 "Watchpoint exceptions", "Determining the
    /// memory location that caused the exception".
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

    /// Returns the address with bits 63:56 replaced by copies of bit 55.
    private static func withoutTag(_ address: UInt64) -> UInt64 {
        UInt64(bitPattern: Int64(bitPattern: address &<< 8) &>> 8)
    }
}
