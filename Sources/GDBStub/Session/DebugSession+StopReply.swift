import Execution
import GDBRemote
import TargetDescription

extension DebugSession {
    /// The reply that tells of the last stop.
    func stopReply() -> StopReply {
        switch lastStop.reason {
        case .poweredOff(let status): return .exited(status: status, process: processID)
        case .failed: return .terminated(signal: StopReply.Signal.abort, process: processID)
        case .turnedOff: return .threadExited(status: 0, thread: UInt64(lastStop.vcpu) + 1, process: processID)
        default: return stopReply(vcpu: lastStop.vcpu)
        }
    }

    /// What a vCPU did when everything stopped: its own stop, or nothing.
    func stopReply(vcpu: Int) -> StopReply {
        let isStopped = vcpu == lastStop.vcpu
        return .stopped(
            StopReply.Stop(
                signal: isStopped ? lastSignal : 0, reason: isStopped ? announcedReason : nil,
                thread: UInt64(vcpu) + 1, core: UInt64(vcpu), registers: expeditedRegisters(vcpu: vcpu),
                process: processID, details: listsThreadsInStopReply ? details(vcpu: vcpu) : nil))
    }

    /// What happened, for people, where the client has nothing to say about it by itself.
    var stopDescription: String? {
        lastStop.reason == .guestTrap ? target.stopDescriptions?.stopDescription(vcpu: lastStop.vcpu) : nil
    }

    /// The reason, if the client can be told.
    ///
    /// Without it a breakpoint is any other SIGTRAP.
    private var announcedReason: StopReply.Stop.Reason? {
        switch lastStop.reason {
        case .softwareBreakpoint:
            clientFeatures.contains(.softwareBreakpointReason) ? .softwareBreakpoint : nil
        case .hardwareBreakpoint:
            clientFeatures.contains(.hardwareBreakpointReason) ? .hardwareBreakpoint : nil
        case .watchpoint(.writeWatchpoint, let address): .writeWatchpoint(address: address)
        case .watchpoint(.readWatchpoint, let address): .readWatchpoint(address: address)
        case .watchpoint(.accessWatchpoint, let address): .accessWatchpoint(address: address)
        case .turnedOn: .threadCreated
        case .watchpoint, .paused, .stepped, .guestTrap, .turnedOff, .poweredOff, .failed: nil
        }
    }

    /// The registers clients ask for at every stop, those of them that can be read.
    func expeditedRegisters(vcpu: Int) -> [(number: Int, bytes: [UInt8])] {
        var registers: [(number: Int, bytes: [UInt8])] = []
        registers.reserveCapacity(layout.expeditedRegisters.count)
        for register in layout.expeditedRegisters {
            if let bytes = try? read(register, vcpu: vcpu) {
                registers.append((register.number, bytes))
            }
        }
        return registers
    }
}

extension StopEvent {
    /// SIGINT for what somebody asked for, SIGTRAP for what the debugger is for.
    var signal: UInt8 {
        reason == .paused ? StopReply.Signal.interrupt : StopReply.Signal.trap
    }
}
