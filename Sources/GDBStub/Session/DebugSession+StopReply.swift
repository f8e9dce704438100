import GDBRemote
import TargetDescription

extension DebugSession {
    /// The reply that tells of the last stop.
    func stopReply() -> StopReply {
        switch lastStop.reason {
        case .poweredOff(let status): return .exited(status: status)
        case .failed: return .terminated(signal: StopReply.Signal.abort)
        default: break
        }
        return .stopped(
            StopReply.Stop(
                signal: lastSignal, reason: announcedReason, thread: UInt64(lastStop.vcpu) + 1,
                core: UInt64(lastStop.vcpu), registers: expeditedRegisters()))
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
        case .watchpoint, .paused, .stepped, .guestTrap, .poweredOff, .failed: nil
        }
    }

    /// The registers clients ask for at every stop, those of them that can be read.
    private func expeditedRegisters() -> [(number: Int, bytes: [UInt8])] {
        var registers: [(number: Int, bytes: [UInt8])] = []
        registers.reserveCapacity(layout.expeditedRegisters.count)
        for register in layout.expeditedRegisters {
            if let bytes = try? read(register, vcpu: lastStop.vcpu) {
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
