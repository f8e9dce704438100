/// A breakpoint or watchpoint as `Z` and `z` name it.
public struct StopPoint: Hashable, Sendable {
    public enum Kind: UInt8, Sendable, CaseIterable {
        // The raw values are the packet's type digit.
        case softwareBreakpoint = 0
        case hardwareBreakpoint = 1
        case writeWatchpoint = 2
        case readWatchpoint = 3
        case accessWatchpoint = 4
    }

    public var kind: Kind
    public var address: UInt64
    /// The packet's last number: the instruction's size in bytes for a breakpoint, the range's for a watchpoint.
    public var length: UInt64

    public init(kind: Kind, address: UInt64, length: UInt64) {
        self.kind = kind
        self.address = address
        self.length = length
    }
}
