/// The facts about watchpoints that LLDB asks for before it sets any.
public struct WatchpointSupport: Equatable, Sendable {
    /// The number of watchpoints that can exist at a time; nil if it is unknown.
    public var count: Int?
    /// The ranges that watchpoints can cover, in LLDB's words: `aarch64-bas`, `aarch64-mask` and `x86_64`, with commas
    /// between them (`SupportedWatchpointTypes` of its GDBRemoteCommunicationClient).
    ///
    /// Nil if nothing is reported, and LLDB guesses.
    public var types: String?

    /// Facts of which any may be unknown.
    public init(count: Int? = nil, types: String? = nil) {
        self.count = count
        self.types = types
    }
}
