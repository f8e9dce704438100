import GDBStub
import Glibc

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
    private let machine: VirtualMachine
    private let control: RunControl
    private let wakeUp: WakeUp
    private var console: Console
    private let endpoint: DebugEndpoint?
    private var listener: Listener?
    private var client: DebugClient?
    private var end: ServingEnd?
    /// What commands print that stay when their client has left.
    private var lonelyText = LineSplitter()
    private var lonelyLimit = LineRateLimit()

    /// Opens everything that can fail, before the guest's first instruction.
    package init(
        _ machine: VirtualMachine, console: consuming Console, endpoint: DebugEndpoint?
    ) throws(HostError) {
        self.machine = machine
        control = machine.control
        wakeUp = machine.wakeUp
        self.endpoint = endpoint
        self.console = console
        listener = try Serving.listen(endpoint)
    }

    private static func listen(_ endpoint: DebugEndpoint?) throws(HostError) -> Listener? {
        switch endpoint {
        case .tcp(let host, let port):
            guard let address = SocketAddress(host: host, port: port) else {
                throw HostError("listen on \(host)", errno: EINVAL)
            }
            return try Listener(address, unixPath: nil, name: "\(host):\(port)")
        case .unix(let path):
            guard let address = SocketAddress(path: path) else {
                throw HostError("listen on \(path)", errno: ENAMETOOLONG)
            }
            return try Listener(address, unixPath: path, name: "unix:\(path)")
        case .pipe, nil:
            return nil
        }
    }

    /// The GDB command that reaches the stub, with the port really bound; nil without a stub.
    package var debuggerCommand: String? {
        let port =
            switch listener {
            case .some(let listener): listener.port
            case .none: UInt16(0)
            }
        return endpoint?.command(boundPort: port)
    }

    /// Runs the machine until it ends.
    ///
    /// With `waitsForDebugger` the guest is held before its first instruction.
    package mutating func run(waitsForDebugger: Bool) -> ServingEnd {
        TerminationSignals.watch(wakeUp)
        console.takeTerminal()
        if endpoint == .pipe {
            attach(nil)
        } else if !waitsForDebugger {
            resumeAll()
        }
        while end == nil {
            pollOnce()
        }
        allowWaiting(false)
        control.shutDown()
        return end ?? .finished(status: 0)
    }

    /// Waits for something to happen and deals with it.
    private mutating func pollOnce() {
        var requests = [pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)]
        let consoleDescriptor = machine.wantsConsoleInput ? console.pollDescriptor : nil
        // poll(2) passes over negative descriptors.
        requests.append(pollfd(fd: consoleDescriptor ?? -1, events: Int16(POLLIN), revents: 0))
        requests.append(pollfd(fd: listenerDescriptor, events: Int16(POLLIN), revents: 0))
        requests += clientRequests
        wait(&requests)

        if let number = TerminationSignals.pending {
            end = .signalled(number)
            return
        }
        if requests[0].revents != 0 { wakeUp.drain() }
        let outcome = control.takeOutcome()
        showAgentText(isLast: outcome != nil)
        if let outcome { handle(outcome) }
        if requests[1].revents != 0 { readConsole() }
        if requests.count > 3 {
            if requests[3].revents & Self.hangUp != 0 { client?.session.inputEnded() }
            serveClient(canRead: requests[3].revents & ~Self.readHangUp != 0, canWrite: requests[4].revents != 0)
        }
        if requests[2].revents != 0 { acceptClient() }
        showAgentText(isLast: false)
    }

    /// How long a client that has just been answered is waited for without sleeping, in nanoseconds.
    ///
    /// Debuggers ask a dozen things in a row, and to sleep and be woken takes longer than their questions do: up to 40 µs
    /// on a virtual machine whose processors are idle, where this takes a few.
    private static let wakefulTime: UInt64 = 100_000

    private mutating func wait(_ requests: inout [pollfd]) {
        let count = nfds_t(requests.count)
        // There is something to do, whatever else there is.
        if control.hasOutcome || clientHasWork {
            _ = poll(&requests, count, 0)
            return
        }
        if client?.hasJustBeenAnswered() ?? false {
            let limit = HostClock.now() &+ Self.wakefulTime
            repeat {
                if poll(&requests, count, 0) != 0 { return }
                // Whoever has work goes first.
                sched_yield()
            } while HostClock.now() < limit
        }
        _ = poll(&requests, count, -1)
    }

    /// Not looked at while a lost client's session winds up: the next one waits its turn instead of being refused.
    private var listenerDescriptor: CInt {
        if clientIsClosed { return -1 }
        return switch listener {
        case .some(let listener): listener.raw
        case .none: -1
        }
    }

    private var clientIsClosed: Bool {
        switch client {
        case .some(let client): client.isClosed
        case .none: false
        }
    }

    private var clientHasWork: Bool {
        switch client {
        case .some(let client): client.hasWork
        case .none: false
        }
    }

    /// What says that the client sends nothing more.
    private static let hangUp = readHangUp | Int16(POLLHUP) | Int16(POLLERR)
    /// poll(2)'s POLLRDHUP, which Glibc's module leaves out: GNU sources alone have it.
    private static let readHangUp: Int16 = 0x2000

    private var clientRequests: [pollfd] {
        switch client {
        case .some(let client):
            [
                pollfd(
                    fd: client.readDescriptor,
                    events: (client.takesInput ? Int16(POLLIN) : 0) | (client.hasWork ? Self.readHangUp : 0),
                    revents: 0),
                pollfd(fd: client.hasUnsent ? client.writeDescriptor : -1, events: Int16(POLLOUT), revents: 0),
            ]
        case .none: []
        }
    }

    private mutating func readConsole() {
        let (forGuest, command) = console.readInput()
        if !forGuest.isEmpty { machine.typeOnConsole(forGuest) }
        if command == .quit { end = .finished(status: 0) }
    }

    // MARK: The debugger

    /// Takes a waiting client, or refuses it at once when there is one already.
    private mutating func acceptClient() {
        guard let accepted = listener?.accept() else { return }
        if client == nil { attach(accepted) }
    }

    /// Stops the machine and starts a session, on standard input and output if there is no socket.
    private mutating func attach(_ socket: consuming OwnedDescriptor?) {
        let outcome = stopAndWait()
        // Nothing is asked of a vCPU that runs: KVM would answer when it has left the guest, which may be never.
        var event = StopEvent(.paused, vcpu: control.vcpuInFocus)
        switch outcome {
        case nil, .requested, .resetRequested: break
        case .stopped(let stop): event = stop
        case .poweredOff(let status): end = .finished(status: status)
        case .failed(let text): end = .failed(text)
        }
        guard end == nil else { return }
        let session = DebugSession(
            target: machine.debugTarget, initialStop: event, name: "trapline", version: VirtualMachine.version)
        switch consume socket {
        case .some(let socket): client = DebugClient(socket, session: session)
        case .none: client = DebugClient(onStandardStreams: session)
        }
        machine.panic.setDebugged(true)
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
    private mutating func converse() -> Bool {
        while client?.send() ?? true {
            // A client that asks and doesn't read waits for itself: more of its packets are handled when its output is
            // taken.
            let hasMore = client?.takeOutput() ?? false
            performActions()
            if !hasMore { return true }
        }
        return false
    }

    /// The transport ended without a word: the session winds up as with a detach.
    private mutating func closeClient() {
        client?.close()
        performActions()
    }

    private mutating func performActions() {
        for action in client?.session.takeActions() ?? [] {
            switch action {
            case .resume(let plan):
                resume(plan)
            case .interrupt:
                machine.panic.setDebugged(true)
                allowWaiting(false)
                control.requestStop()
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
                end = .finished(status: 0)
            }
        }
    }

    private func resume(_ plan: ResumePlan) {
        // The first moment is this thread's, and it can't wait for what it takes away itself.
        allowWaiting(false)
        control.resume(plan)
        allowWaiting(true)
    }

    private func resumeAll() { resume(control.everyone) }

    private mutating func endSession() {
        client?.sendAll()
        client = nil
        leaveMachine()
        // Nobody can come back through a closed pipe.
        if endpoint == .pipe { end = end ?? .finished(status: 0) }
    }

    /// Forgets what the client has chosen.
    private func leaveMachine() {
        machine.panic.setDebugged(false)
        machine.debugTarget.endOfSession()
    }

    /// Stops the vCPUs if they run, which a console reader that stands still can't prevent.
    private func stopAndWait() -> RunOutcome? {
        allowWaiting(false)
        defer { allowWaiting(true) }
        return control.stopAndWait()
    }

    /// Whether the thread that runs the vCPUs may wait for those who read what it writes.
    private func allowWaiting(_ mayWait: Bool) {
        console.allowWaiting(mayWait)
        machine.agentText.allowWaiting(mayWait)
    }

    /// Passes on what conditions and commands have to say: to the client when it has read what it got before, or to the
    /// user when there is none.
    ///
    /// With `isLast` at once, since the stop it comes before is about to be told.
    private mutating func showAgentText(isLast: Bool) {
        let isShown = clientTakesText
        guard isLast || !isShown || client?.mayReceive ?? true else { return }
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

    // MARK: The machine

    private mutating func handle(_ outcome: RunOutcome) {
        allowWaiting(true)
        switch outcome {
        case .stopped(let event): report(event)
        case .requested: report(StopEvent(.paused, vcpu: control.vcpuInFocus))
        case .resetRequested: resumeAll()
        case .poweredOff(let status):
            report(StopEvent(.poweredOff(status: status), vcpu: 0))
            client?.tellEnd()
            end = .finished(status: status)
        case .failed(let text):
            report(StopEvent(.failed, vcpu: 0))
            client?.tellEnd()
            end = .failed(text)
        }
    }

    /// Tells the session; without one, nobody wanted to stop.
    private mutating func report(_ event: StopEvent) {
        guard client != nil else {
            if event.reason.isResumable { resumeAll() }
            return
        }
        client?.session.stopped(event, and: control.alsoStopped)
        if !converse() { closeClient() }
    }
}

extension StopEvent.Reason {
    fileprivate var isResumable: Bool {
        switch self {
        case .poweredOff, .failed: false
        default: true
        }
    }
}
