/// A breakpoint or watchpoint, as in the packets `Z` and `z`.
public struct StopPoint: Hashable, Sendable {
    /// The kinds of stop point.
    ///
    /// The raw values are the type digits of `Z` and `z`.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// A breakpoint that may be patched into memory as an instruction.
        case softwareBreakpoint = 0
        /// A breakpoint that leaves memory unchanged.
        case hardwareBreakpoint = 1
        /// A watchpoint that stops on writes to the range.
        case writeWatchpoint = 2
        /// A watchpoint that stops on reads of the range.
        case readWatchpoint = 3
        /// A watchpoint that stops on reads and writes of the range.
        case accessWatchpoint = 4
    }

    /// The kind of stop point.
    public var kind: Kind
    /// The address of the instruction, or the first address of the watched range.
    public var address: UInt64
    /// The last number of the packet: for a breakpoint the instruction's size, for a watchpoint the range's, in bytes.
    public var length: UInt64

    /// A stop point at an address.
    public init(kind: Kind, address: UInt64, length: UInt64) {
        self.kind = kind
        self.address = address
        self.length = length
    }
}
