import Execution
import GDBRemote
import TargetDescription

// What LLDB is told of each thread at a stop.
extension DebugSession {
    /// The additions to a stop reply.
    func details(vcpu: Int) -> StopReply.Stop.Details {
        let isStopped = vcpu == lastStop.vcpu
        let threads = (0..<target.vcpuCount).map { (thread: UInt64($0) + 1, pc: programCounter(vcpu: $0)) }
        // A watchpoint's key says enough, in words of the client's own.
        let reason = isStopped ? lldbReason : nil
        return StopReply.Stop.Details(
            name: target.threadName(vcpu: vcpu), reason: reason, description: isStopped ? stopDescription : nil,
            threads: threads)
    }

    /// LLDB's word for the reason; nil where the signal is the reason, or the watchpoint's key.
    private var lldbReason: String? {
        switch lastStop.reason {
        case .stepped: "trace"
        case .softwareBreakpoint, .hardwareBreakpoint: "breakpoint"
        case .guestTrap where stopDescription != nil: "exception"
        default: nil
        }
    }

    private func programCounter(vcpu: Int) -> UInt64 {
        guard let register = layout.register(genericName: "pc"), let bytes = try? read(register, vcpu: vcpu) else {
            return 0
        }
        return bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// `jThreadsInfo`: registers by decimal number, their bytes in hex.
    func allThreadStops() -> Reply {
        var json = JSONWriter()
        json.beginArray()
        for vcpu in 0..<target.vcpuCount where isHeld(vcpu) {
            json.beginObject()
            json.key("tid")
            json.value(UInt64(vcpu) + 1)
            json.key("name")
            json.value(target.threadName(vcpu: vcpu))
            writeReason(vcpu: vcpu, to: &json)
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

    private func writeReason(vcpu: Int, to json: inout JSONWriter) {
        let isStopped = vcpu == lastStop.vcpu
        var reason = isStopped ? lldbReason ?? "signal" : "none"
        var description = isStopped ? stopDescription : nil
        if isStopped, case .watchpoint(_, let address) = lastStop.reason {
            reason = "watchpoint"
            // The watchpoint's address, its slot (none), and the address that was accessed.
            description = "\(address) \(UInt32.max) \(address)"
        }
        json.key("reason")
        json.value(reason)
        json.key("signal")
        json.value(isStopped ? UInt64(lastSignal) : 0)
        guard let description else { return }
        json.key("description")
        json.value(description)
    }
}
