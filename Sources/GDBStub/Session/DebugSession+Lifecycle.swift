import Execution
import GDBRemote

// Attaching, detaching, killing and restarting.
//
// Without extended mode (`!`) a session ends with its process. In extended mode the connection outlives the process
// (GDB manual, "Types of Remote Connections"). After `D` the machine runs, and there is no process until `vAttach`.
// After a kill the machine is held, and there is no process until `vRun` or `R`, which reset it.
extension DebugSession {
    /// The states of a connection without a process, which exist only in extended mode, after `D` or a kill.
    enum Absence {
        /// The machine runs without breakpoints.
        case detached
        /// The machine has been asked to stop, for `vAttach`, or for a reset by `vRun` or `R` (`R` has no reply).
        ///
        /// No packet is handled until it has stopped.
        case attaching(resets: Bool, isAnswered: Bool)
        /// The machine is held and must be reset before it runs again: the client has killed it, or it has ended while
        /// the client was detached.
        case killed
    }

    mutating func reply(to command: LifecycleCommand) throws(TargetError) -> Reply? {
        switch command {
        case .extendedMode:
            isExtended = true
            return .ok
        case .detach(let process):
            try checkProcess(process)
            leave(with: isExtended ? .release : .detach, .ok)
        case .kill:
            // The packet has no reply (GDB manual, "Packets"), but LLDB waits for the exit of the process.
            leave(
                with: isExtended ? .hold : .kill,
                client.listsThreadsInStopReply ? Reply(.exited(status: 0, process: client.processID)) : nil)
        case .killProcess(let process):
            try checkProcess(process)
            leave(with: isExtended ? .hold : .kill, .ok)
        case .attach(let process):
            try checkProcess(process)
            return try attach()
        case .run(let program):
            guard isExtended else { return .empty }
            guard program.isEmpty else {
                throw .invalid("vRun: the machine's program was chosen when it started: leave remote exec-file empty")
            }
            return try restart(isAnswered: true)
        case .restart:
            // `R` has no reply, so a failure cannot be reported.
            _ = try? restart(isAnswered: false)
        }
        return nil
    }

    /// Throws unless the process is 1, the only one, or not given.
    ///
    /// GDB uses 42000 (its `magic_null_ptid`) for the process of a stub that has reported no process id.
    private func checkProcess(_ process: UInt64?) throws(TargetError) {
        guard process == nil || process == 1 || process == 42000 else {
            throw TargetError(.noSuchThread, text: "there is no such process: the machine is process 1")
        }
    }

    /// Ends the session, or in extended mode only the process.
    private mutating func leave(with action: SessionAction, _ reply: Reply?) {
        switch state {
        case .absent(.killed, _) where action == .hold, .absent(.detached, _) where action == .release:
            if let reply { send(reply) }
        case .absent(.detached, _) where action == .hold, .absent(.killed, _) where action == .release:
            // No process is attached, so none can be killed or detached.
            if reply != nil { answer(with: .noProcess, style: longErrorStyle) }
        case .attached: finish(with: action, reply)
        // No packet is handled in these states.
        case .absent(.attaching, _), .ending, .ended: break
        // Only extended mode has these states, and its action is `release` or `hold`.
        case .absent(.detached, _), .absent(.killed, _): break
        }
    }

    /// Handles `vAttach`: stops the machine.
    ///
    /// If the client is already attached, the last stop is reported again, as QEMU does.
    private mutating func attach() throws(TargetError) -> Reply? {
        switch state {
        case .absent(.detached, let isNonStop):
            beginAttach(resets: false, isAnswered: true, isNonStop: isNonStop)
            return nil
        case .absent(.killed, _):
            throw .invalid("vAttach: the machine has been killed or has ended: run starts it again")
        case .absent(.attaching, _), .attached(.allStop(.running)), .attached(.allStop(.released)), .ending, .ended:
            throw TargetError(.running, text: "the machine is running")
        case .attached(.allStop(.stopped)):
            holdReleased()
            return Reply(stopReplies.reply(to: lastStop))
        case .attached(.nonStop):
            return .ok
        }
    }

    private mutating func beginAttach(resets: Bool, isAnswered: Bool, isNonStop: Bool) {
        state = .absent(.attaching(resets: resets, isAnswered: isAnswered), isNonStop: isNonStop)
        act(.interrupt)
    }

    /// Handles `vRun` and `R`: resets the machine, which stays stopped at its first instruction.
    private mutating func restart(isAnswered: Bool) throws(TargetError) -> Reply? {
        switch state {
        case .absent(.detached, let isNonStop):
            beginAttach(resets: true, isAnswered: isAnswered, isNonStop: isNonStop)
            return nil
        case .absent(.killed, let isNonStop):
            guard try runTargetCommand("reset", []) != nil else { throw .cannotReset }
            return beAttached(to: StopEvent(.paused, vcpu: 0), isAnswered: isAnswered, isNonStop: isNonStop)
        case .absent(.attaching, _), .attached(.allStop(.running)), .attached(.allStop(.released)), .ending, .ended:
            throw TargetError(.running, text: "the machine is running")
        case .attached(.allStop(.stopped)), .attached(.nonStop):
            guard try runTargetCommand("reset", []) != nil else { throw .cannotReset }
            guard isAnswered else { return nil }
            return nonStop == nil ? Reply(stopReplies.reply(to: lastStop)) : .ok
        }
    }

    /// Completes an attach after the machine has stopped for it.
    mutating func endAttach(resets: Bool, isAnswered: Bool, isNonStop: Bool, _ event: StopEvent) {
        do throws(TargetError) {
            if resets, try runTargetCommand("reset", []) == nil { throw .cannotReset }
            let event = resets ? StopEvent(.paused, vcpu: 0) : event
            if let reply = beAttached(to: event, isAnswered: isAnswered, isNonStop: isNonStop) { send(reply) }
        } catch {
            returnToDetached(after: event, isNonStop: isNonStop)
            if isAnswered { answer(with: error, style: longErrorStyle) }
        }
    }

    /// Resumes the machine without a process, unless it stopped because it ended.
    mutating func returnToDetached(after event: StopEvent, isNonStop: Bool) {
        switch event.reason {
        case .poweredOff, .failed:
            state = .absent(.killed, isNonStop: isNonStop)
        default:
            state = .absent(.detached, isNonStop: isNonStop)
            act(.release)
        }
    }

    /// Attaches the client to the stopped machine.
    ///
    /// Returns the reply. In non-stop mode it sends `OK` itself and a notification after it.
    private mutating func beAttached(to event: StopEvent, isAnswered: Bool, isNonStop: Bool) -> Reply? {
        state = .attached(.allStop(.stopped(isReleased: false)))
        lastStop = StopWithSignal(clamped(event), signal: StopReply.Signal.trap)
        accessVCPU = lastStop.event.vcpu
        client.hasResumed = false
        guard isNonStop else { return isAnswered ? Reply(stopReplies.reply(to: lastStop)) : nil }
        if isAnswered { send(.ok) }
        beginNonStop(notifies: true)
        return nil
    }

    // MARK: Packets without a process

    /// Whether the client is connected without a process.
    var isAbsent: Bool {
        if case .absent = state { true } else { false }
    }

    /// Returns the reply to a command about a process while there is none; nil if the command needs no process.
    mutating func replyWithoutProcess(to command: Command) throws(TargetError) -> Reply? {
        switch command {
        case .query(.stopReason): return Reply(.exited(status: 0, process: client.processID))
        case .thread(.firstList), .thread(.nextList): return Reply("l")
        case .thread(.selectForAccess), .thread(.selectForResume): return .ok
        case .query(.transfer(let transfer)) where transfer.object == .threads:
            return Reply("l<?xml version=\"1.0\"?>\n<threads>\n</threads>\n")
        case .query(.monitor):
            if case .absent(.killed, _) = state { return nil }
            throw .noProcess
        case .lifecycle: return nil
        case .nonStop(.setMode(let isNonStop)) where target.supportsNonStop:
            if case .absent(let absence, _) = state { state = .absent(absence, isNonStop: isNonStop) }
            return .ok
        case .thread: throw .noProcess
        default:
            guard !command.needsStoppedTarget else { throw .noProcess }
            return nil
        }
    }

    /// Reports that the machine has been reset, in any state, and is at its first instruction.
    mutating func hasBeenReset() {
        holdReleased()
        agent?.removeLeft()
        try? agentChanged()
        lastStop = StopWithSignal(StopEvent(.paused, vcpu: 0), signal: StopReply.Signal.trap)
        // In non-stop mode the selection of `Hg` stays, because no stop reply changes it.
        if nonStop == nil { accessVCPU = 0 }
        transfers.threads = nil
        holdAllAfterReset()
    }
}

extension TargetError {
    /// The error for a command that needs a process, after the client has detached or killed it.
    static var noProcess: TargetError {
        TargetError(.notAttached, text: "there is no process: attach 1 stops the machine, run resets it")
    }

    fileprivate static var cannotReset: TargetError { .invalid("this target can't be reset") }
}
