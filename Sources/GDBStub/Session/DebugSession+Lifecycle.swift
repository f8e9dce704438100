import GDBRemote

extension DebugSession {
    mutating func reply(to command: LifecycleCommand) throws(TargetError) -> Reply? {
        switch command {
        case .extendedMode:
            return .ok
        case .detach:
            finish(with: .detach, .ok)
        case .kill:
            // The packet has no reply (GDB manual, "Packets"), but LLDB waits for how the process ended.
            finish(with: .kill, listsThreadsInStopReply ? Reply(.exited(status: 0, process: processID)) : nil)
        case .killProcess:
            finish(with: .kill, .ok)
        case .restart:
            // There is no reply, so there is nobody to tell if the target has no such command.
            _ = try? runTargetCommand("reset", [])
        }
        return nil
    }

    /// After a reset the machine stands at its first instruction, whatever it did before.
    mutating func hasBeenReset() {
        lastStop = StopEvent(.paused, vcpu: 0)
        lastSignal = StopReply.Signal.trap
        // In non-stop mode whom `Hg` chose stays chosen: no stop tells the client of another.
        if nonStop == nil { accessVCPU = 0 }
        threadsXML = nil
        holdAllAfterReset()
    }
}
