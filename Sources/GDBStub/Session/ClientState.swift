import GDBRemote

/// The state of the client, as far as the session has learned it from its packets.
struct ClientState {
    /// The features of the client's last `qSupported`.
    var features: ClientFeatures = []
    /// Whether the client has sent `QEnableErrorStrings`.
    var hasErrorStrings = false
    /// Whether the client has sent `QListThreadsInStopReply`.
    ///
    /// Only LLDB does.
    var listsThreadsInStopReply = false
    /// Whether the client has read registers or memory, which ends the first phase of its connection.
    var hasReadTarget = false
    /// Whether the client has resumed the machine since it attached.
    var hasResumed = false

    /// The process id, 1, for a client with multiprocess extensions; otherwise nil.
    var processID: UInt64? { features.contains(.multiprocess) ? 1 : nil }
}
