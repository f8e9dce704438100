import Acceleration
import Execution
import GDBStub
package import HostIO
import Machine
import MachineDebugger
import SystemPackage

/// The event loop of one virtual machine.
///
/// On the calling thread, it handles the debugger, the console and the reports of the vCPU thread until the machine
/// ends.
package struct EventLoop: ~Copyable {
    /// The reason why the loop ended.
    package enum End: Equatable, Sendable {
        /// The guest powered off with a status (0 unless semihosting gave one), or the user quit.
        case finished(status: UInt8)
        /// The machine or the guest failed. The text describes the failure for the user.
        case failed(String)
        /// A signal asked the process to end.
        case signalled(CInt)
    }

    let machine: VirtualMachine
    let control: RunControl
    private let wakeUp: WakeUp
    var console: Console
    var port: DebugPort
    var client: DebugClient?
    var end: End?
    /// Whether the guest has ended by itself.
    ///
    /// `run` then waits until the guest's last output has been read, without a time limit.
    var guestHasEnded = false
    private var spinWait = SpinWait()
    /// Whether a stop has been requested whose report is expected within microseconds.
    var isStopAwaited = false
    var unattendedText = UnattendedText()

    /// Opens the debug port, before the guest's first instruction.
    ///
    /// `onRefusal` is called for each connection that is closed before any of its packets is executed.
    package init(
        _ machine: VirtualMachine, console: consuming Console, endpoint: DebugEndpoint?, allowsOtherUsers: Bool = false,
        onRefusal: @escaping @Sendable (ClientRefusal) -> Void = { _ in }
    ) throws(HostError) {
        self.machine = machine
        control = machine.control
        wakeUp = machine.wakeUp
        self.console = console
        port = try DebugPort(endpoint, allowsOtherUsers: allowsOtherUsers, onRefusal: onRefusal)
    }

    /// The bound TCP port for debuggers; 0 if there is none.
    package var boundPort: UInt16 { port.boundPort }

    /// Runs the machine until it ends.
    ///
    /// With `waitsForDebugger` the guest is held before its first instruction. Without `watchesSignals` the handling of
    /// the process's signals is unchanged.
    package mutating func run(waitsForDebugger: Bool, watchesSignals: Bool = true) -> End {
        if watchesSignals { TerminationSignals.watch(wakeUp) }
        console.takeTerminal()
        if port.isPipe {
            attachPipe()
        } else if !waitsForDebugger {
            resumeAll()
        }
        if port.exists { machine.debugTarget.prepareDescription() }
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
    /// If a reader stalls, the output is lost, unless the guest has ended by itself: then only a signal ends the wait.
    private mutating func finishOutput() {
        console.flush()
        while guestHasEnded, !console.isWritten(withinMilliseconds: 20) {
            guard let number = TerminationSignals.pending else { continue }
            end = .signalled(number)
            return
        }
    }

    /// Waits for events and handles them.
    private mutating func pollOnce() {
        var requests = [PollRequest(wakeUp.descriptor, .input)]
        requests.append(PollRequest(machine.wantsConsoleInput ? console.pollDescriptor : nil, .input))
        let firstOfClient = requests.count
        requests += clientRequests
        let firstOfAdmission = requests.count
        requests += port.requests
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
        // There is work already, so poll without waiting.
        if control.hasReport || clientHasWork || (client == nil && port.hasDebugger) {
            PollRequest.poll(&requests, milliseconds: 0)
            return
        }
        let isAnswered = client?.hasJustBeenAnswered() ?? false
        if isStopAwaited {
            isStopAwaited = false
            // Input that arrives meanwhile is found by the next poll, after the stop has been reported.
            if control.reportComesSoon() { return }
        } else if isAnswered, spinWait.wait({ PollRequest.poll(&requests, milliseconds: 0) > 0 }) {
            return
        }
        PollRequest.poll(&requests, milliseconds: port.timeLimit)
    }

    var clientHasWork: Bool {
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
}
