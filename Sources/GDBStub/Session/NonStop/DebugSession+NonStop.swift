import Execution
import GDBRemote

// Non-stop mode: requests of the client. Documentation/protocol.md has a table of the replies in each state.
extension DebugSession {
    mutating func reply(to command: NonStopCommand) throws(TargetError) -> Reply {
        guard target.supportsNonStop else { throw .unsupported }
        switch command {
        case .setMode(true):
            beginNonStop()
            return .ok
        case .setMode(false):
            endNonStop()
            return .ok
        case .nextStop:
            return nonStop == nil ? .empty : nextStop()
        case .interrupt:
            guard nonStop != nil else { return .empty }
            interruptOne()
            return .ok
        }
    }

    /// Begins non-stop mode.
    ///
    /// Only a stopped machine in all-stop mode can.
    ///
    /// - Parameter notifies: whether a notification reports the stop, as after an attach.
    mutating func beginNonStop(notifies: Bool = false) {
        guard case .attached(.allStop) = state else { return }
        var stop = lastStop
        // A pause that was caused only by the client's connecting has no signal.
        if stop.event.reason == .paused { stop.signal = 0 }
        state = .attached(.nonStop(NonStop(vcpuCount: target.vcpuCount, lastStop: stop)))
        if lastStop.isEnd { return endMachine(lastStop.event, isNews: notifies) }
        if notifies { self.stop(stop) }
    }

    /// Returns to all-stop mode with every vCPU stopped.
    ///
    /// `?` then reports the last stop.
    private mutating func endNonStop() {
        if nonStop != nil { state = .attached(.allStop(.stopped(isReleased: false))) }
        accessVCPU = lastStop.event.vcpu
        if lastStop.signal == 0 { lastStop.signal = StopReply.Signal.trap }
    }

    // MARK: Moving

    /// Handles `vCont`: resumes stopped vCPUs, and stops running ones.
    ///
    /// The leftmost action for a vCPU applies.
    mutating func moveOneByOne(_ actions: [ResumeCommand.Action]) throws(TargetError) -> Reply {
        guard let before = nonStop else { return .empty }
        try checkIsThere()
        var decisions = [ResumeCommand.Kind?](repeating: nil, count: target.vcpuCount)
        for action in actions {
            for vcpu in try vcpus(action.thread ?? ThreadID(thread: .all)) where decisions[vcpu] == nil {
                decisions[vcpu] = action.kind
            }
        }
        for vcpu in decisions.indices {
            switch decisions[vcpu] {
            case nil: break
            case .stop where before.actions[vcpu] != .hold:
                stop(StopWithSignal(StopEvent(.paused, vcpu: vcpu), signal: 0))
            case .stop: break
            case .some(let kind) where before.isKnownToBeStopped(vcpu):
                nonStop?.actions[vcpu] = ResumeAction(kind)
                selectedFrame = nil
            // The vCPU is running, or it has stopped and the client has not acknowledged the stop.
            case .some: break
            }
        }
        return .ok
    }

    /// Handles `c` and `s` by the rules of `vCont`.
    mutating func moveOneByOne(
        _ kind: ResumeCommand.Kind, from address: UInt64?
    ) throws(TargetError) -> Reply {
        var actions: [ResumeCommand.Action]
        var vcpu = accessVCPU
        switch resumeThread.thread {
        case .number:
            actions = [ResumeCommand.Action(kind, thread: resumeThread)]
            vcpu = try vcpus(resumeThread).lowerBound
        case .any, .all:
            actions = [
                ResumeCommand.Action(kind, thread: ThreadID(thread: .number(UInt64(vcpu) + 1))),
                ResumeCommand.Action(.continue),
            ]
        }
        if let address {
            try checkIsThere()
            try checkIsHeld(vcpu)
            try setProgramCounter(address, vcpu: vcpu)
        }
        return try moveOneByOne(actions)
    }

    private func checkIsThere() throws(TargetError) {
        guard nonStop?.end == nil else { throw .invalid("the machine is off: start it again") }
    }

    /// Whether a vCPU's registers can be read.
    ///
    /// Always true in all-stop mode, where no packet reads them while the machine runs.
    func isHeld(_ vcpu: Int) -> Bool {
        nonStop.map { $0.actions[vcpu] == .hold } ?? true
    }

    func checkIsHeld(_ vcpu: Int) throws(TargetError) {
        guard isHeld(vcpu) else {
            throw TargetError(.running, text: "vCPU \(vcpu) is running: its registers are there when it is stopped")
        }
    }

    /// Returns the vCPU's name for clients.
    ///
    /// In non-stop mode it includes the description of the exception that stopped the vCPU, for which stop replies have
    /// no field.
    func threadName(vcpu: Int) -> String {
        let name = target.threadName(vcpu: vcpu)
        guard let nonStop, nonStop.actions[vcpu] == .hold, nonStop.stops[vcpu].event.reason == .caughtException,
            let text = target.stopDescriptions?.stopDescription(vcpu: vcpu)
        else { return name }
        return name + ": " + text
    }

    /// Stops one vCPU with SIGINT, the one that ran last, because of Ctrl-C or `vCtrlC`.
    mutating func interruptOne() {
        guard let before = nonStop else { return }
        guard before.machine.isStill else { return demandStandstill(isCtrlC: true) }
        let candidates = [before.focus, accessVCPU].compactMap { $0 } + Array(before.actions.indices)
        guard let vcpu = candidates.first(where: { before.actions[$0] != .hold }) else { return }
        stop(StopWithSignal(StopEvent(.paused, vcpu: vcpu)))
    }

    /// Holds every vCPU after a reset, and reports a stop for each that was running.
    mutating func holdAllAfterReset() {
        guard let before = nonStop else { return }
        nonStop?.end = nil
        for vcpu in before.actions.indices {
            let pause = StopWithSignal(StopEvent(.paused, vcpu: vcpu), signal: 0)
            nonStop?.stops[vcpu] = pause
            if before.actions[vcpu] != .hold { stop(pause) }
        }
    }
}
