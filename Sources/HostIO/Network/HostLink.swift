import SystemPackage

/// The other end of the guest's network cable: a thread that takes what comes from the host, and a queue.
///
/// Nothing here waits for the host on the vCPU thread, or for the guest on the host's side: as in a network card,
/// frames that find no room are dropped. What comes from the host stays there while the queue is full.
package final class HostLink: Sendable {
    private let worker: Worker
    private let thread: HostThread

    /// The numbers of frames that the link has carried.
    package struct Counters: Equatable, Sendable {
        package var received = 0
        package var sent = 0
        /// Frames of the guest that were dropped, because the link was full or lost.
        package var dropped = 0

        package init(received: Int = 0, sent: Int = 0, dropped: Int = 0) {
            self.received = received
            self.sent = sent
            self.dropped = dropped
        }
    }

    /// Connects to what `--net` names; `notice` takes a line for the user when the connection is lost.
    package convenience init(
        _ endpoint: NetworkEndpoint, notice: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        let lost: @Sendable (String) -> Void = { notice("the guest's network is down: \($0)") }
        switch endpoint {
        case .passt:
            try self.init(Passt.start(), lost: lost)
        case .tap(let name):
            #if os(Linux)
            try self.init(TapPort(name: name), lost: lost)
            #else
            throw StartError(
                .network(.tap(name: name)), "this host has no tap interfaces; use passt's socket: unix:PATH")
            #endif
        case .unix(let path): try self.init(StreamPort(connectingTo: path), lost: lost)
        }
    }

    /// Takes a connected stream socket.
    package convenience init(
        socket: consuming OwnedDescriptor, lost: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(HostError) {
        try self.init(StreamPort(socket), lost: lost)
    }

    #if os(Linux)
    /// Takes an open tap interface.
    package convenience init(
        tap: consuming OwnedDescriptor, lost: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(HostError) {
        try self.init(TapPort(tap), lost: lost)
    }
    #endif

    init(_ port: any FramePort, lost: @escaping @Sendable (String) -> Void) throws(HostError) {
        let worker = Worker(port, wakeUp: try WakeUp(), lost: lost)
        self.worker = worker
        thread = try HostThread(named: "network") { worker.loop() }
    }

    deinit {
        worker.end()
        thread.join()
    }

    /// Has `body` called, on the link's thread, whenever frames have come for the guest.
    package func onArrival(_ body: @escaping @Sendable () -> Void) {
        worker.state.withLock { $0.arrived = body }
    }

    package var counters: Counters { worker.state.withLock { $0.counters } }

    package func send(_ frame: [UInt8]) { worker.send(frame) }

    package func receive() -> [UInt8]? { worker.receive() }
}

extension HostLink {
    /// The state that the thread retains.
    fileprivate final class Worker: Sendable {
        let state: LockedValue<State>
        private let wakeUp: WakeUp
        private let lost: @Sendable (String) -> Void

        init(_ port: any FramePort, wakeUp: WakeUp, lost: @escaping @Sendable (String) -> Void) {
            state = LockedValue(State(port: port))
            self.wakeUp = wakeUp
            self.lost = lost
        }
    }

    fileprivate struct State {
        /// Nil when the connection is lost.
        var port: (any FramePort)?
        /// Frames that the guest has not taken yet, oldest first.
        var incoming: [[UInt8]] = []
        var counters = Counters()
        var arrived: @Sendable () -> Void = {}
        var hasEnded = false

        /// A chunk of the stream may add many small frames at once: all of one, and no more, come on top of this.
        static let queueLimit = 256

        var hasRoom: Bool { incoming.count < Self.queueLimit }
    }
}

extension HostLink.Worker {
    func send(_ frame: [UInt8]) {
        let (hasUnsent, loss) = state.withLock { state -> (Bool, String?) in
            guard let port = state.port, EthernetFrame.lengths.contains(frame.count) else {
                state.counters.dropped &+= 1
                return (false, nil)
            }
            switch port.send(frame) {
            case .sent: state.counters.sent &+= 1
            case .full: state.counters.dropped &+= 1
            case .lost(let why):
                state.counters.dropped &+= 1
                state.port = nil
                return (false, why)
            }
            return (port.hasUnsent, nil)
        }
        if let loss { lost(loss) }
        // The thread writes the rest when it can be written.
        if hasUnsent || loss != nil { wakeUp.signal() }
    }

    func receive() -> [UInt8]? {
        let (frame, wasFull) = state.withLock { state -> ([UInt8]?, Bool) in
            guard !state.incoming.isEmpty else { return (nil, false) }
            let wasFull = !state.hasRoom
            return (state.incoming.removeFirst(), wasFull && state.hasRoom)
        }
        if wasFull { wakeUp.signal() }
        return frame
    }

    /// Makes the loop end.
    func end() {
        state.withLock { $0.hasEnded = true }
        wakeUp.signal()
    }

    func loop() {
        while let request = nextRequest() {
            var requests = [PollRequest(wakeUp.descriptor, .input), request]
            PollRequest.poll(&requests, milliseconds: nil)
            if !requests[0].found.isEmpty { wakeUp.drain() }
            if !requests[1].found.isEmpty { serve() }
        }
    }

    /// The descriptor and the events to wait for; nil at the end.
    private func nextRequest() -> PollRequest? {
        state.withLock { state in
            if state.hasEnded { return nil }
            // A descriptor in the request is always reported when it is broken.
            guard let port = state.port, state.hasRoom || port.hasUnsent else { return PollRequest(nil, []) }
            var events: PollRequest.Events = state.hasRoom ? .input : []
            if port.hasUnsent { events.insert(.output) }
            return PollRequest(port.descriptor, events)
        }
    }

    /// Moves what can be moved.
    private func serve() {
        let (arrived, loss) = state.withLock { state -> ((@Sendable () -> Void)?, String?) in
            guard let port = state.port else { return (nil, nil) }
            if port.hasUnsent, case .lost(let why) = port.sendRest() {
                state.port = nil
                return (nil, why)
            }
            guard state.hasRoom else { return (nil, nil) }
            switch port.receive() {
            case .nothing: return (nil, nil)
            case .frames(let frames):
                state.incoming += frames
                state.counters.received &+= frames.count
                return (frames.isEmpty ? nil : state.arrived, nil)
            case .lost(let why):
                state.port = nil
                return (nil, why)
            }
        }
        arrived?()
        if let loss { lost(loss) }
    }
}
