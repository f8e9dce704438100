import Execution
import GDBRemote
import TargetDescription

extension DebugSession {
    mutating func reply(to command: ThreadCommand) throws(TargetError) -> Reply {
        switch command {
        case .selectForAccess(let thread):
            let vcpus = try vcpus(thread)
            // All of them, as GDB says when it means nobody in particular, changes nothing.
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
            reply.append(thread: UInt64(accessVCPU) + 1, process: processID)
            return reply
        case .firstList:
            nextListedVCPU = 0
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

    /// The one process there is, where the client wants to hear of it.
    var processID: UInt64? { clientFeatures.contains(.multiprocess) ? 1 : nil }

    /// The vCPUs a thread-id means: vCPU i is thread i + 1 of process 1.
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

    /// As many threads as go well into one packet, in a list that ends with `l`.
    private mutating func nextThreadList() -> Reply {
        let end = min(nextListedVCPU + threadsInOneList, target.vcpuCount)
        guard nextListedVCPU < end else { return Reply("l") }
        var reply = Reply("m")
        for vcpu in nextListedVCPU..<end {
            if vcpu > nextListedVCPU { reply.append(",") }
            reply.append(thread: UInt64(vcpu) + 1, process: processID)
        }
        nextListedVCPU = end
        return reply
    }

    /// The document of `qXfer:threads`, the same for all windows of it.
    mutating func threadsDocument(from offset: UInt64) -> [UInt8] {
        if offset > 0, let threadsXML { return threadsXML }
        var writer = XMLWriter()
        writer.raw("<?xml version=\"1.0\"?>\n")
        writer.begin("threads")
        for vcpu in 0..<target.vcpuCount {
            writer.element(
                "thread",
                [
                    ("id", (processID == nil ? "" : "p1.") + String(vcpu + 1, radix: 16)), ("core", String(vcpu)),
                    ("name", threadName(vcpu: vcpu)),
                ])
        }
        writer.end("threads")
        threadsXML = writer.bytes
        return writer.bytes
    }
}

/// GDB reads any number, but a list need not be longer than a screen.
private let threadsInOneList = 256

extension TargetError {
    /// A vCPU that is not there.
    static var noSuchThread: TargetError { TargetError(.noSuchThread, text: "there is no such vCPU") }
}
