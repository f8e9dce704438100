import Acceleration
import Execution
import GDBStub
package import HostIO
import Machine
import MachineDebugger
import SystemPackage

/// Why `Serving.run` came back.
package enum ServingEnd: Equatable, Sendable {
    /// The guest powered off with this status of its own (0 unless semihosting gave one), or the user quit.
    case finished(status: UInt8)
    /// The machine or the guest failed: what happened, for people.
    case failed(String)
    /// A signal asked the process to end.
    case signalled(CInt)
}

/// Serves the debugger and the console of one virtual machine on the calling thread, until the machine ends.
package struct Serving: ~Copyable {
    let machine: VirtualMachine
    let control: RunControl
    private let wakeUp: WakeUp
    var console: Console
    private let endpoint: DebugEndpoint?
    private var admission: ClientAdmission?
    var client: DebugClient?
    var end: ServingEnd?
    /// Whether the guest has ended by itself: `run` then waits until its last output is read, however slow the reader
    /// is.
    var guestHasEnded = false
    private var wakefulness = Wakefulness()
    /// Whether a stop has been requested, which takes only a moment.
    private var isStopAwaited = false
    /// What commands print that stay when their client has left.
    private var lonelyText = LineSplitter()
    private var lonelyLimit = LineRateLimit()

    /// Opens everything that can fail, before the guest's first instruction.
    ///
    /// `onRefusal` is called for each connection to the debug port that is closed before anything in it is executed.
    package init(
        _ machine: VirtualMachine, console: consuming Console, endpoint: DebugEndpoint?, allowsOtherUsers: Bool = false,
        onRefusal: @escaping @Sendable (ClientRefusal) -> Void = { _ in }
    ) throws(HostError) {
        self.machine = machine
        control = machine.control
        wakeUp = machine.wakeUp
        self.endpoint = endpoint
        self.console = console
        switch try Serving.listen(endpoint) {
        case .some(let listener):
            admission = ClientAdmission(listener, allowsOtherUsers: allowsOtherUsers, onRefusal: onRefusal)
        case .none: admission = nil
        }
    }

    private static func listen(_ endpoint: DebugEndpoint?) throws(HostError) -> Listener? {
        switch endpoint {
        case .tcp(let host, let port):
            guard let address = SocketAddress(host: host, port: port) else {
                throw HostError("listen on \(host)", errno: Errno.invalidArgument)
            }
            return try Listener(address, unixPath: nil, name: "\(host):\(port)")
        case .unix(let path):
            guard let address = SocketAddress(path: path) else {
                throw HostError("listen on \(path)", errno: Errno.fileNameTooLong)
            }
            return try Listener(address, unixPath: path, name: "unix:\(path)")
        case .pipe, nil:
            return nil
        }
    }

    /// The TCP port that is really bound for debuggers; 0 without one.
    package var boundPort: UInt16 {
        switch admission {
        case .some(let admission): admission.port
        case .none: 0
        }
    }

    /// Runs the machine until it ends.
    ///
    /// With `waitsForDebugger` the guest is held before its first instruction. Without `watchesSignals` the process's
    /// signals stay as they are.
    package mutating func run(waitsForDebugger: Bool, watchesSignals: Bool = true) -> ServingEnd {
        if watchesSignals { TerminationSignals.watch(wakeUp) }
        console.takeTerminal()
        if endpoint == .pipe {
            attachPipe()
        } else if !waitsForDebugger {
            resumeAll()
        }
        if endpoint != nil { machine.debugTarget.prepareDescription() }
        while end == nil {
            pollOnce()
        }
        allowWaiting(false)
        control.shutDown()
        finishOutput()
        return end ?? .finished(status: 0)
    }

    /// Writes the rest of the guest's output.
    ///
    /// Output that a stalled reader leaves is lost, unless the guest has ended by itself: then only a signal ends the
    /// wait.
    private mutating func finishOutput() {
        console.flush()
        while guestHasEnded, !console.isWritten(withinMilliseconds: 20) {
            guard let number = TerminationSignals.pending else { continue }
            end = .signalled(number)
            return
        }
    }

    /// Waits for something to happen and deals with it.
    private mutating func pollOnce() {
        var requests = [PollRequest(wakeUp.descriptor, .input)]
        requests.append(PollRequest(machine.wantsConsoleInput ? console.pollDescriptor : nil, .input))
        let firstOfClient = requests.count
        requests += clientRequests
        let firstOfAdmission = requests.count
        requests += admissionRequests
        wait(&requests)

        if let number = TerminationSignals.pending {
            end = .signalled(number)
            return
        }
        if !requests[0].found.isEmpty { wakeUp.drain() }
        let report = control.takeReport()
        showAgentText(isLast: report != nil)
        if let report { handle(report) }
        if !requests[1].found.isEmpty { readConsole() }
        if firstOfAdmission > firstOfClient {
            let input = requests[firstOfClient].found
            if !input.isDisjoint(with: .hangUp) { client?.session.inputEnded() }
            serveClient(
                canRead: !input.subtracting(.readHangUp).isEmpty, canWrite: !requests[firstOfClient + 1].found.isEmpty)
        }
        admitClient(requests[firstOfAdmission...])
        showAgentText(isLast: false)
    }

    private mutating func wait(_ requests: inout [PollRequest]) {
        // There is something to do, whatever else there is.
        if control.hasReport || clientHasWork || (client == nil && hasWaitingDebugger) {
            PollRequest.poll(&requests, milliseconds: 0)
            return
        }
        let isAnswered = client?.hasJustBeenAnswered() ?? false
        if isStopAwaited {
            isStopAwaited = false
            // Input that came meanwhile is found by the next poll, when the stop has been reported.
            if control.reportComesSoon() { return }
        } else if isAnswered, wakefulness.wait({ PollRequest.poll(&requests, milliseconds: 0) > 0 }) {
            return
        }
        PollRequest.poll(&requests, milliseconds: timeLimit)
    }

    private var hasWaitingDebugger: Bool {
        switch admission {
        case .some(let admission): admission.hasDebugger
        case .none: false
        }
    }

    private var timeLimit: Int? {
        switch admission {
        case .some(let admission): admission.timeLimit
        case .none: nil
        }
    }

    private var admissionRequests: [PollRequest] {
        switch admission {
        case .some(let admission): admission.requests
        case .none: []
        }
    }

    private var clientHasWork: Bool {
        switch client {
        case .some(let client): client.hasWork
        case .none: false
        }
    }

    private var clientRequests: [PollRequest] {
        switch client {
        case .some(let client):
            [client.inputRequest, client.outputRequest]
        case .none: []
        }
    }

    private mutating func readConsole() {
        let (forGuest, command) = console.readInput()
        if !forGuest.isEmpty { machine.typeOnConsole(forGuest) }
        if command == .quit { end = .finished(status: 0) }
    }

    // MARK: The debugger

    /// Attaches the debugger that waits, if none is attached; a second one is refused at once.
    ///
    /// A client that has left no longer counts, though its session may still be winding up.
    private mutating func admitClient(_ requests: ArraySlice<PollRequest>) {
        let isOccupied =
            switch client {
            case .some(let client): !client.hasLeft
            case .none: false
            }
        admission?.handle(requests, isOccupied: isOccupied)
        guard client == nil, end == nil else { return }
        guard let debugger = admission?.takeDebugger(), let event = stopForDebugger() else { return }
        client = DebugClient(debugger, session: newSession(event))
        machine.panic.setDebugged(true)
        client?.receive(debugger.bytes)
        if !converse() { closeClient() }
    }

    /// Starts the one session of standard input and output.
    private mutating func attachPipe() {
        guard let event = stopForDebugger() else { return }
        client = DebugClient(onStandardStreams: newSession(event))
        machine.panic.setDebugged(true)
    }

    private func newSession(_ event: StopEvent) -> DebugSession {
        DebugSession(
            target: machine.debugTarget, initialStop: event, name: "trapline", version: Release.version)
    }

    /// Stops the machine for a session that begins; nil if it has ended instead.
    private mutating func stopForDebugger() -> StopEvent? {
        let outcome = stopAndWait()?.outcome
        // Nothing is asked of a vCPU that runs: KVM would answer when it has left the guest, which may be never.
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

    private mutating func serveClient(canRead: Bool, canWrite: Bool) {
        guard canRead || canWrite || clientHasWork, client != nil else { return }
        var isAlive = true
        if canRead { isAlive = client?.receive() ?? true }
        // One packet or one piece of a long request, and then a look at everything else.
        if isAlive && clientHasWork { client?.session.continueWork() }
        if isAlive { isAlive = converse() }
        if !isAlive { closeClient() }
    }

    /// Sends what the session says and does what it asks for, as long as the client takes what it is sent; false if the
    /// client is gone.
    mutating func converse() -> Bool {
        while client?.send() ?? true {
            // While a client doesn't read its output, no more of its packets are handled.
            let hasMore = client?.takeOutput() ?? false
            performActions()
            if !hasMore { return true }
        }
        return false
    }

    /// The transport ended without a word: the session winds up as with a detach.
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
        // Nobody can come back through a closed pipe.
        if endpoint == .pipe { end = end ?? .finished(status: 0) }
    }

    /// Removes the settings that the client has made.
    private func leaveMachine() {
        machine.panic.setDebugged(false)
        machine.debugTarget.endOfSession()
    }

    /// Passes on what conditions and commands have to say: to the client when it has read what it got before, or to the
    /// user when there is none.
    ///
    /// With `isLast` at once, since the stop it comes before is about to be told.
    private mutating func showAgentText(isLast: Bool) {
        let isShown = clientTakesText
        guard isLast || !isShown || !(client?.hasUnsent ?? false) else { return }
        let text = machine.agentText.take()
        guard !text.isEmpty else { return }
        guard isShown else {
            var lines: [String] = []
            lonelyText.add(text) { lines.append($0) }
            for line in lines { lonelyLimit.pass(line, machine.notice) }
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
