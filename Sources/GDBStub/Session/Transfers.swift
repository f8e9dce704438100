import GDBRemote

/// The documents and lists that a client reads in several packets.
///
/// Each stays as it was at the first of them, so that its parts fit together.
struct Transfers {
    /// target.xml, once the client has asked for it.
    var description: [UInt8]?
    /// The document of `qXfer:threads`.
    var threads: [UInt8]?
    /// The document of `qXfer:osdata` that the client reads, and its annex.
    var systemTable: (annex: [UInt8], bytes: [UInt8])?
    /// The first vCPU in the reply to the next `qsThreadInfo`.
    var nextListedVCPU = 0
    /// The replies to the next `qTsP` and `qTsV`, last one first.
    var traceDefinitions: [Reply] = []

    /// Drops the documents that describe the stopped machine, because it resumes.
    mutating func machineResumes() {
        threads = nil
        systemTable = nil
    }
}
