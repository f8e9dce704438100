/// A description of the machine, which LLDB asks for first (`qHostInfo` and `qProcessInfo`).
public struct HostDescription: Equatable, Sendable {
    /// LLVM's name for it, such as `aarch64-unknown-none`.
    public var triple: String
    /// The size of a pointer, in bytes.
    public var pointerBytes: Int
    /// Whether a watchpoint stops before the access, as on Arm, or after it.
    public var stopsBeforeWatchedAccess: Bool
    /// How many bits of an address count, in the lower and in the upper half; the others may be a tag or a signature.
    public var lowAddressBits: Int
    /// The number of address bits that count in the upper half of the address space.
    public var highAddressBits: Int
    /// The size of a page, in bytes.
    public var pageSize: Int

    /// A description of the machine that the target is.
    public init(
        triple: String, pointerBytes: Int = 8, stopsBeforeWatchedAccess: Bool, lowAddressBits: Int,
        highAddressBits: Int, pageSize: Int = 4096
    ) {
        self.triple = triple
        self.pointerBytes = pointerBytes
        self.stopsBeforeWatchedAccess = stopsBeforeWatchedAccess
        self.lowAddressBits = lowAddressBits
        self.highAddressBits = highAddressBits
        self.pageSize = pageSize
    }
}
