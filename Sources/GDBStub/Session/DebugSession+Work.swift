import Execution
import GDBRemote

// Received packets, handled one at a time, and long requests, which are handled in pieces.
extension DebugSession {
    /// Whether ``continueWork()`` would do anything now.
    ///
    /// The value is false while too much output waits to be sent.
    public var hasWork: Bool { (work != nil || input.next != nil) && canWork }

    private var canWork: Bool { link.output.count < Self.enoughOutput && isTakingInput && !waitsForMachine }

    /// Whether the machine has been asked to stop for an earlier packet.
    ///
    /// All later packets wait until it has stopped.
    ///
    /// Replies are sent in the order of the packets (GDB manual, "Overview" of the remote protocol), and an operation
    /// that needs a held machine, such as a reset, happens only after the stop has been reported.
    var waitsForMachine: Bool {
        switch state {
        case .absent(.attaching, _), .ending: true
        case .attached(let mode): mode.waiting != nil
        case .absent, .ended: false
        }
    }

    /// Does one piece of a long request, or handles the next received packet.
    public mutating func continueWork() {
        guard canWork else { return }
        if let work { return doPiece(of: work) }
        guard let arrived = input.takeNext() else { return }
        handle(arrived)
        if let work { doPiece(of: work) }
        decodeNext()
        if work != nil, input.hasInterrupt(link) { isWorkUnwanted = true }
    }

    // MARK: Inside

    /// Decodes the next packet of the input.
    ///
    /// `hasWork` then reflects whether there is one.
    mutating func decodeNext() {
        if isTakingInput { input.decodeNext(&link) } else { input = InputQueue() }
    }

    /// Begins a long request.
    ///
    /// No packet is handled until it has replied.
    mutating func begin(_ request: any LongRequest) {
        work = request
    }

    private mutating func doPiece(of request: any LongRequest) {
        do throws(TargetError) {
            guard let reply = try request.nextPiece(for: &self) else {
                if isWorkUnwanted || isInputEnded { throw TargetError(.interrupted, text: "interrupted") }
                return
            }
            send(reply)
        } catch {
            answer(with: error, style: request.errorStyle)
        }
        work = nil
        isWorkUnwanted = false
    }

    /// Whether packets are kept.
    ///
    /// Packets after the end of the session are dropped.
    var isTakingInput: Bool {
        switch state {
        case .attached, .absent, .ending(.release, _, _), .ending(.hold, _, _): true
        case .ending, .ended: false
        }
    }

    mutating func handle(_ arrived: Arrival) {
        switch arrived {
        case .command(let command):
            answer(command)
        case .refused(let refusal):
            answer(with: refusal.error, style: client.features.contains(.errorText) ? .text : .code)
        case .interrupt:
            interrupt()
        case .resendRequest:
            link.resend()
        }
    }

    /// Handles Ctrl-C.
    ///
    /// In all-stop mode it stops a machine that the client resumed; in non-stop mode, one vCPU.
    private mutating func interrupt() {
        switch state {
        case .attached(.nonStop): interruptOne()
        case .attached(.allStop(.running(isInterrupted: false))):
            state = .attached(.allStop(.running(isInterrupted: true)))
            act(.interrupt)
        case .attached, .absent, .ending, .ended: break
        }
    }
}
