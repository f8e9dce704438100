import Platform
import SystemPackage

/// Why a connection to the debug port was closed without anything in it being executed.
package enum ClientRefusal: Equatable, Sendable {
    /// The client's process belongs to another user.
    case otherUser(UInt32)
    /// The client is on this host, but its user can't be found.
    case unknownUser
    /// The first bytes are none that a debugger sends.
    case noDebugger
}

/// The admission of debuggers: listens, and lets a connection through once it has sent a debugger's first packet.
///
/// Until then the guest is neither stopped nor let go, so a port scan, a web page or a probe changes nothing. Several
/// connections may be waiting, so that a silent one doesn't keep a debugger out.
package struct ClientAdmission: ~Copyable {
    private let listener: Listener
    private let allowsOtherUsers: Bool
    private let lookup = PeerUser.Lookup()
    private let onRefusal: @Sendable (ClientRefusal) -> Void
    private var candidates: [Candidate] = []
    /// The time at which the listener is polled again, after accept(2) failed for lack of descriptors or memory.
    private var restsUntil: UInt64?
    /// The reports of the last `reportInterval`.
    private var reports: [(refusal: ClientRefusal, time: UInt64)] = []

    /// Upper bound on waiting connections: one more closes the oldest.
    private static let maximumCandidates = 8
    /// The time for which the listener is not polled, in nanoseconds.
    private static let restTime: UInt64 = 200_000_000
    /// The time after which an equal refusal is reported again, in nanoseconds.
    private static let reportInterval: UInt64 = 10_000_000_000
    /// Upper bound on reports in that time, so that a client can't fill a log.
    private static let maximumReports = 8

    /// A connection of which nothing has been executed yet.
    package final class Candidate {
        package let socket: OwnedDescriptor
        fileprivate var packet = FirstPacket()
        fileprivate(set) var isDebugger = false
        fileprivate(set) var isClosed = false

        package init(_ socket: consuming OwnedDescriptor) {
            self.socket = socket
        }

        /// The bytes that the client has sent for the session.
        package var bytes: [UInt8] { packet.bytes }
    }

    package init(
        _ listener: consuming Listener, allowsOtherUsers: Bool, onRefusal: @escaping @Sendable (ClientRefusal) -> Void
    ) {
        self.listener = listener
        self.allowsOtherUsers = allowsOtherUsers
        self.onRefusal = onRefusal
    }

    /// The port really bound; 0 for a Unix-domain socket.
    package var port: UInt16 { listener.port }

    /// The descriptors to poll: the listener, then each connection that is undecided.
    package var requests: [PollRequest] {
        [PollRequest(restsUntil == nil ? listener.descriptor : nil, .input)]
            + candidates.map { PollRequest($0.isDebugger ? nil : $0.socket.borrowed, .input) }
    }

    /// How long poll(2) may wait, in milliseconds; nil if the time doesn't matter.
    package var timeLimit: Int? {
        restsUntil.map { Int(clamping: ($0 &- min($0, HostClock.now())) / 1_000_000 + 1) }
    }

    /// Whether a debugger waits to be taken.
    package var hasDebugger: Bool { candidates.contains { $0.isDebugger } }

    /// Handles what poll(2) reported for `requests`.
    ///
    /// With `isOccupied`, a debugger is attached, and new connections are refused at once.
    package mutating func handle(_ requests: ArraySlice<PollRequest>, isOccupied: Bool) {
        for (request, candidate) in zip(requests.dropFirst(), candidates) where !request.found.isEmpty {
            read(candidate)
        }
        candidates.removeAll { $0.isClosed }
        if let time = restsUntil, HostClock.now() >= time { restsUntil = nil }
        if let first = requests.first, !first.found.isEmpty { accept(isOccupied: isOccupied) }
    }

    /// The debugger that came first; every other connection is closed.
    package mutating func takeDebugger() -> Candidate? {
        guard let candidate = candidates.first(where: { $0.isDebugger }) else { return nil }
        candidates = []
        return candidate
    }

    private mutating func accept(isOccupied: Bool) {
        let accepted: OwnedDescriptor
        do throws(Errno) {
            accepted = try listener.accept()
        } catch {
            // A connection that is gone already is no reason to rest.
            let shortages: [Errno] = [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noBufferSpace, .noMemory]
            if shortages.contains(error) { restsUntil = HostClock.now() &+ Self.restTime }
            return
        }
        guard !isOccupied, isAllowed(accepted) else { return }
        if candidates.count == Self.maximumCandidates { candidates.removeFirst() }
        let candidate = Candidate(accepted)
        candidates.append(candidate)
        // A debugger's first packet usually has arrived already.
        read(candidate)
        if candidate.isClosed { candidates.removeLast() }
    }

    private mutating func isAllowed(_ socket: borrowing OwnedDescriptor) -> Bool {
        if allowsOtherUsers { return true }
        switch lookup.user(of: socket.borrowed) {
        case .remote: return true
        case .user(let user):
            if user == 0 || user == geteuid() || user == getuid() { return true }
            report(.otherUser(user))
        case .unknown:
            if !socket.borrowed.isHungUp { report(.unknownUser) }
        }
        return false
    }

    /// Takes what a connection sends, or closes it.
    private mutating func read(_ candidate: Candidate) {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try candidate.socket.borrowed.read(upTo: 4096)
        } catch {
            candidate.isClosed = !error.isWouldBlock
            return
        }
        guard !bytes.isEmpty else {
            candidate.isClosed = true
            return
        }
        let refusals = candidate.packet.refusals
        switch candidate.packet.receive(bytes) {
        case .debugger: candidate.isDebugger = true
        case .undecided:
            for _ in refusals..<candidate.packet.refusals {
                // A client that takes nothing loses its acknowledgement.
                _ = try? candidate.socket.borrowed.write([UInt8(ascii: "-")])
            }
        case .stranger:
            candidate.isClosed = true
            report(.noDebugger)
        }
    }

    private mutating func report(_ refusal: ClientRefusal) {
        let now = HostClock.now()
        reports.removeAll { now &- $0.time >= Self.reportInterval }
        guard reports.count < Self.maximumReports, !reports.contains(where: { $0.refusal == refusal }) else { return }
        reports.append((refusal, now))
        onRefusal(refusal)
    }
}
