/// Watchpoint information that LLDB reads before it inserts any.
public struct WatchpointSupport: Equatable, Sendable {
    /// The number of watchpoints that can exist at the same time; nil if unknown.
    public var count: Int?
    /// The kinds of range that watchpoints can cover, as LLDB's keywords separated by commas: `aarch64-bas`,
    /// `aarch64-mask` and `x86_64` (`SupportedWatchpointTypes` of LLDB's GDBRemoteCommunicationClient).
    ///
    /// Nil reports nothing, and LLDB then guesses.
    public var types: String?

    /// Watchpoint information, of which each part may be unknown.
    public init(count: Int? = nil, types: String? = nil) {
        self.count = count
        self.types = types
    }
}
