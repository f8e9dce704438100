/// A breakpoint or watchpoint as `Z` and `z` name it.
public struct StopPoint: Hashable, Sendable {
    /// The kinds of stop point.
    ///
    /// The raw values are the type digits of `Z` and `z`.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// A breakpoint that may be an instruction in memory.
        case softwareBreakpoint = 0
        /// A breakpoint that leaves memory as it is.
        case hardwareBreakpoint = 1
        /// Stops on writes to the range.
        case writeWatchpoint = 2
        /// Stops on reads of the range.
        case readWatchpoint = 3
        /// Stops on reads and writes of the range.
        case accessWatchpoint = 4
    }

    /// The kind of stop point.
    public var kind: Kind
    /// The address of the instruction, or the first address of the watched range.
    public var address: UInt64
    /// The packet's last number: the instruction's size in bytes for a breakpoint, the range's for a watchpoint.
    public var length: UInt64

    /// A stop point at an address.
    public init(kind: Kind, address: UInt64, length: UInt64) {
        self.kind = kind
        self.address = address
        self.length = length
    }
}
