import GDBRemote

/// The documents and lists that a client reads with several packets.
///
/// Each is kept from the first packet on, so that its parts are consistent.
struct Transfers {
    /// The target description, `target.xml`; nil until the client first asks for it.
    var description: [UInt8]?
    /// The document of `qXfer:threads`.
    var threads: [UInt8]?
    /// The document of `qXfer:osdata` that the client is reading, and its annex.
    var systemTable: (annex: [UInt8], bytes: [UInt8])?
    /// The first vCPU in the reply to the next `qsThreadInfo`.
    var nextListedVCPU = 0
    /// The replies to the next `qTsP` and `qTsV`, in reverse order.
    var traceDefinitions: [Reply] = []

    /// Drops the documents that describe the stopped machine, because it resumes.
    mutating func machineResumes() {
        threads = nil
        systemTable = nil
    }
}
