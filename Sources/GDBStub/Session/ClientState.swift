import GDBRemote

/// The facts that a session knows about its client.
struct ClientState {
    /// The features of the client's last `qSupported`.
    var features: ClientFeatures = []
    /// Whether `QEnableErrorStrings` has come.
    var hasErrorStrings = false
    /// Whether `QListThreadsInStopReply` has come: the client is an LLDB.
    var listsThreadsInStopReply = false
    /// Whether the client has read registers or memory, and so is past the beginning of its connection.
    var hasReadTarget = false
    /// Whether the client has resumed the machine since it attached.
    var hasResumed = false

    /// The number of the one process, for a client that names processes.
    var processID: UInt64? { features.contains(.multiprocess) ? 1 : nil }
}
