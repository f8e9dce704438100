/// The description of the machine that LLDB reads first (`qHostInfo` and `qProcessInfo`).
public struct HostDescription: Equatable, Sendable {
    /// LLVM's target triple, such as `aarch64-unknown-none`.
    public var triple: String
    /// The size of a pointer, in bytes.
    public var pointerBytes: Int
    /// Whether a watchpoint stops before the access, as on Arm, or after it.
    public var stopsBeforeWatchedAccess: Bool
    /// The number of significant bits of an address in the lower half of the address space.
    ///
    /// The rest may be a tag or a signature.
    public var lowAddressBits: Int
    /// The number of significant bits of an address in the upper half of the address space.
    public var highAddressBits: Int
    /// The size of a page, in bytes.
    public var pageSize: Int

    /// A description with these properties.
    ///
    /// Sizes are in bytes.
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
