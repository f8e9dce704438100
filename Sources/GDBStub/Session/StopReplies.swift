import ByteOrder
import Execution
import GDBRemote
import TargetDescription

/// The replies that report a stop to this client.
struct StopReplies {
    let target: any DebugTarget
    let layout: RegisterLayout
    let client: ClientState

    /// Returns the reply that reports a stop.
    func reply(to stop: StopWithSignal) -> StopReply {
        let process = client.processID
        switch stop.event.reason {
        case .poweredOff(let status): return .exited(status: status, process: process)
        case .failed: return .terminated(signal: StopReply.Signal.abort, process: process)
        case .turnedOff: return .threadExited(status: 0, thread: UInt64(stop.event.vcpu) + 1, process: process)
        default: return reply(to: stop, vcpu: stop.event.vcpu)
        }
    }

    /// Returns the reply about one vCPU: the stop, if that vCPU caused it, and otherwise a reply with signal 0.
    func reply(to stop: StopWithSignal, vcpu: Int) -> StopReply {
        let isOwn = vcpu == stop.event.vcpu
        return .stopped(
            StopReply.Stop(
                signal: isOwn ? stop.signal : 0, reason: isOwn ? announcedReason(of: stop) : nil,
                thread: UInt64(vcpu) + 1, core: UInt64(vcpu), registers: expeditedRegisters(vcpu: vcpu),
                process: client.processID, details: client.listsThreadsInStopReply ? details(of: stop, vcpu: vcpu) : nil
            )
        )
    }

    /// The description of a stop for which the protocol has no reason; nil for any other stop.
    func description(of stop: StopWithSignal) -> String? {
        guard stop.event.reason == .caughtException else { return nil }
        return target.stopDescriptions?.stopDescription(vcpu: stop.event.vcpu)
    }

    /// The reason, if the client has announced that it reads it.
    ///
    /// Clients recognize a breakpoint without a reason by SIGTRAP.
    private func announcedReason(of stop: StopWithSignal) -> StopReply.Stop.Reason? {
        switch stop.event.reason {
        case .softwareBreakpoint:
            client.features.contains(.softwareBreakpointReason) ? .softwareBreakpoint : nil
        case .hardwareBreakpoint:
            client.features.contains(.hardwareBreakpointReason) ? .hardwareBreakpoint : nil
        case .watchpoint(.writeWatchpoint, let address): .writeWatchpoint(address: address)
        case .watchpoint(.readWatchpoint, let address): .readWatchpoint(address: address)
        case .watchpoint(.accessWatchpoint, let address): .accessWatchpoint(address: address)
        case .turnedOn: .threadCreated
        case .watchpoint, .paused, .stepped, .caughtException, .turnedOff, .poweredOff, .failed: nil
        }
    }

    /// Returns the readable registers among those that clients need at every stop.
    private func expeditedRegisters(vcpu: Int) -> [(number: Int, bytes: [UInt8])] {
        var registers: [(number: Int, bytes: [UInt8])] = []
        registers.reserveCapacity(layout.expeditedRegisters.count)
        for register in layout.expeditedRegisters {
            if let bytes = try? target.read(register, vcpu: vcpu) {
                registers.append((register.number, bytes))
            }
        }
        return registers
    }

    // MARK: LLDB

    /// Returns LLDB's additions to a stop reply.
    private func details(of stop: StopWithSignal, vcpu: Int) -> StopReply.Stop.Details {
        let isOwn = vcpu == stop.event.vcpu
        let threads = (0..<target.vcpuCount).map { (thread: UInt64($0) + 1, pc: programCounter(vcpu: $0)) }
        return StopReply.Stop.Details(
            name: target.threadName(vcpu: vcpu), reason: isOwn ? reasonWord(of: stop) : nil,
            description: isOwn ? description(of: stop) : nil, threads: threads)
    }

    /// LLDB's keyword for the reason; nil if the signal or the watchpoint's key gives the reason.
    private func reasonWord(of stop: StopWithSignal) -> String? {
        switch stop.event.reason {
        case .stepped: "trace"
        case .softwareBreakpoint, .hardwareBreakpoint: "breakpoint"
        case .caughtException where description(of: stop) != nil: "exception"
        default: nil
        }
    }

    private func programCounter(vcpu: Int) -> UInt64 {
        guard let register = layout.register(genericName: "pc"),
            let bytes = try? target.read(register, vcpu: vcpu)
        else { return 0 }
        return UInt64(littleEndianBytes: bytes)
    }

    /// Returns the reply to `jThreadsInfo` for these vCPUs: registers by decimal number, with their bytes in hex.
    func allThreads(at stop: StopWithSignal, vcpus: [Int]) -> Reply {
        var json = JSONWriter()
        json.beginArray()
        for vcpu in vcpus {
            json.beginObject()
            json.key("tid")
            json.value(UInt64(vcpu) + 1)
            json.key("name")
            json.value(target.threadName(vcpu: vcpu))
            writeReason(of: stop, vcpu: vcpu, to: &json)
            json.key("registers")
            json.beginObject()
            for register in expeditedRegisters(vcpu: vcpu) {
                json.key(String(register.number))
                json.value(hex: register.bytes)
            }
            json.endObject()
            json.endObject()
        }
        json.endArray()
        var reply = Reply()
        reply.append(json.bytes)
        return reply
    }

    private func writeReason(of stop: StopWithSignal, vcpu: Int, to json: inout JSONWriter) {
        let isOwn = vcpu == stop.event.vcpu
        var reason = isOwn ? reasonWord(of: stop) ?? "signal" : "none"
        var words = isOwn ? description(of: stop) : nil
        if isOwn, case .watchpoint(_, let address) = stop.event.reason {
            reason = "watchpoint"
            // The watchpoint's address, its slot (unknown), and the accessed address.
            words = "\(address) \(UInt32.max) \(address)"
        }
        json.key("reason")
        json.value(reason)
        json.key("signal")
        json.value(isOwn ? UInt64(stop.signal) : 0)
        guard let words else { return }
        json.key("description")
        json.value(words)
    }
}
