import Execution
import GDBRemote
import TargetDescription

extension DebugSession {
    mutating func reply(to command: ThreadCommand) throws(TargetError) -> Reply {
        switch command {
        case .selectForAccess(let thread):
            let vcpus = try vcpus(thread)
            // GDB selects all threads when any thread will do, so that selection changes nothing.
            if vcpus.count == 1 { accessVCPU = vcpus.lowerBound }
            return .ok
        case .selectForResume(let thread):
            _ = try vcpus(thread)
            resumeThread = thread
            return .ok
        case .isAlive(let thread):
            _ = try vcpus(thread)
            return .ok
        case .current:
            var reply = Reply("QC")
            reply.append(thread: UInt64(accessVCPU) + 1, process: client.processID)
            return reply
        case .firstList:
            transfers.nextListedVCPU = 0
            return nextThreadList()
        case .nextList:
            return nextThreadList()
        case .extraInfo(let thread):
            guard let vcpu = try vcpus(thread).first else { throw .noSuchThread }
            return .hex(Array(threadName(vcpu: vcpu).utf8))
        case .reportEvents(let reports):
            try required(target.powerReports).setReportsPower(reports)
            return .ok
        }
    }

    /// Returns the vCPUs that a thread-id stands for.
    ///
    /// vCPU i is thread i + 1 of process 1.
    func vcpus(_ id: ThreadID) throws(TargetError) -> Range<Int> {
        switch id.process {
        case nil, .any, .all, .number(1): break
        case .number: throw .noSuchThread
        }
        switch id.thread {
        case .all:
            return 0..<target.vcpuCount
        case .any:
            return accessVCPU..<(accessVCPU + 1)
        case .number(let number):
            guard number > 0, number <= UInt64(target.vcpuCount) else { throw .noSuchThread }
            return Int(number - 1)..<Int(number)
        }
    }

    /// The reply with the next threads of the list.
    private mutating func nextThreadList() -> Reply {
        let vcpus = transfers.nextListedVCPU..<min(transfers.nextListedVCPU + threadsInOneList, target.vcpuCount)
        transfers.nextListedVCPU = vcpus.upperBound
        return .threadList(vcpus, process: client.processID)
    }

    /// Returns the document of `qXfer:threads`.
    ///
    /// All reads of one document get the same version.
    mutating func threadsDocument(from offset: UInt64) -> [UInt8] {
        if offset > 0, let known = transfers.threads { return known }
        let names = (0..<target.vcpuCount).map { threadName(vcpu: $0) }
        let document = threadDocument(names: names, namesProcess: client.processID != nil)
        transfers.threads = document
        return document
    }
}

/// Returns a document with one thread for each vCPU (GDB manual, "Thread List Format").
private func threadDocument(names: [String], namesProcess: Bool) -> [UInt8] {
    var writer = XMLWriter()
    writer.raw("<?xml version=\"1.0\"?>\n")
    writer.begin("threads")
    for (vcpu, name) in names.enumerated() {
        let id = (namesProcess ? "p1." : "") + String(vcpu + 1, radix: 16)
        writer.element("thread", [("id", id), ("core", String(vcpu)), ("name", name)])
    }
    writer.end("threads")
    return writer.bytes
}

extension Reply {
    /// A part of the thread list: `m` and these vCPUs' threads, or `l` at the end of the list.
    fileprivate static func threadList(_ vcpus: Range<Int>, process: UInt64?) -> Reply {
        guard !vcpus.isEmpty else { return Reply("l") }
        var reply = Reply("m")
        for vcpu in vcpus {
            if vcpu > vcpus.lowerBound { reply.append(",") }
            reply.append(thread: UInt64(vcpu) + 1, process: process)
        }
        return reply
    }
}

/// The number of threads in one reply.
///
/// GDB accepts any number.
private let threadsInOneList = 256

extension TargetError {
    /// The error for a thread-id without a vCPU.
    static var noSuchThread: TargetError { TargetError(.noSuchThread, text: "there is no such vCPU") }
}
