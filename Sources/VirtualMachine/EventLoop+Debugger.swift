import Acceleration
import Execution
import GDBStub
import HostIO
import Machine
import MachineDebugger

// The debugger: attaching, serving and detaching.
extension EventLoop {
    /// Attaches the waiting debugger, if none is attached.
    ///
    /// A second one is refused at once.
    ///
    /// A client that has closed its connection no longer counts as attached, even if its session has not ended yet.
    mutating func admitClient(_ requests: ArraySlice<PollRequest>) {
        let isOccupied =
            switch client {
            case .some(let client): !client.hasLeft
            case .none: false
            }
        port.handle(requests, isOccupied: isOccupied)
        guard client == nil, end == nil else { return }
        guard let debugger = port.takeDebugger(), let event = stopForDebugger() else { return }
        client = DebugClient(debugger, session: newSession(event))
        machine.panic.setDebugged(true)
        client?.receive(debugger.bytes)
        if !converse() { closeClient() }
    }

    /// Begins the session on standard input and output.
    mutating func attachPipe() {
        guard let event = stopForDebugger() else { return }
        client = DebugClient(onStandardStreams: newSession(event))
        machine.panic.setDebugged(true)
    }

    private func newSession(_ event: StopEvent) -> DebugSession {
        DebugSession(
            target: machine.debugTarget, initialStop: event, name: "trapline", version: Release.version)
    }

    /// Stops the machine for a new session.
    ///
    /// Returns nil if the machine has ended instead.
    private mutating func stopForDebugger() -> StopEvent? {
        let outcome = stopAndWait()?.outcome
        // Read only after the stop: KVM cannot answer for a running vCPU until it leaves the guest, which may be never.
        var event = StopEvent(.paused, vcpu: control.vcpuInFocus)
        switch outcome {
        case nil, .requested, .resetRequested: break
        case .stopped(let stop): event = stop
        case .poweredOff(let status): endWithGuest(.finished(status: status))
        case .failed(let text): endWithGuest(.failed(text))
        }
        console.flush()
        return end == nil ? event : nil
    }

    mutating func serveClient(canRead: Bool, canWrite: Bool) {
        guard canRead || canWrite || clientHasWork, client != nil else { return }
        var isAlive = true
        if canRead { isAlive = client?.receive() ?? true }
        // Handles one packet, or one piece of a long request. All other events are polled for before the next one.
        if isAlive && clientHasWork { client?.session.continueWork() }
        if isAlive { isAlive = converse() }
        if !isAlive { closeClient() }
    }

    /// Sends the session's output and performs its actions, as long as the client reads.
    ///
    /// Returns false if the connection has ended.
    mutating func converse() -> Bool {
        while client?.send() ?? true {
            // While a client does not read its output, no more of its packets are handled.
            let hasMore = client?.takeOutput() ?? false
            performActions()
            if !hasMore { return true }
        }
        return false
    }

    /// Ends the session of a client whose connection has ended, as after a detach.
    mutating func closeClient() {
        client?.close()
        performActions()
    }

    private mutating func performActions() {
        for action in client?.session.takeActions() ?? [] {
            switch action {
            case .resume(let plan):
                if end == nil { resume(plan) }
            case .interrupt:
                machine.panic.setDebugged(true)
                allowWaiting(false)
                control.requestStop()
                isStopAwaited = true
            case .detach:
                endSession()
                if end == nil { resumeAll() }
            case .leave:
                endSession()
            case .release:
                leaveMachine()
                if end == nil { resumeAll() }
            case .hold:
                leaveMachine()
            case .kill:
                endSession()
                end = end ?? .finished(status: 0)
            }
        }
    }

    private mutating func endSession() {
        client?.sendAll()
        client = nil
        leaveMachine()
        // No other client can connect through a closed pipe.
        if port.isPipe { end = end ?? .finished(status: 0) }
    }

    /// Removes the settings that the client has made.
    private func leaveMachine() {
        machine.panic.setDebugged(false)
        machine.debugTarget.endOfSession()
    }

    /// Shows text that conditions and commands of breakpoints have printed: to the client once it has read earlier
    /// output, or to the user if there is no client.
    ///
    /// With `isLast` the text is passed on at once, because the stop that follows it is about to be reported.
    mutating func showAgentText(isLast: Bool) {
        let isShown = clientTakesText
        guard isLast || !isShown || !(client?.hasUnsent ?? false) else { return }
        let text = machine.agentText.take()
        guard !text.isEmpty else { return }
        guard isShown else {
            unattendedText.add(text, machine.notice)
            return
        }
        client?.session.consoleOutput(text)
        if !isLast, !converse() { closeClient() }
    }

    private var clientTakesText: Bool {
        switch client {
        case .some(let client): client.session.takesConsoleText
        case .none: false
        }
    }
}
