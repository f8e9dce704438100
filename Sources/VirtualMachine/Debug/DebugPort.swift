package import HostIO
import SystemPackage

/// The port at which debuggers connect: a listening socket with the connections that are not yet admitted, standard
/// input and output, or none.
package struct DebugPort: ~Copyable {
    private let endpoint: DebugEndpoint?
    /// The listening socket and its connections; nil unless the endpoint is a socket.
    private var admission: ClientAdmission?

    /// Opens the port.
    ///
    /// `onRefusal` is called for each connection that is closed before any of its packets is executed.
    package init(
        _ endpoint: DebugEndpoint?, allowsOtherUsers: Bool = false,
        onRefusal: @escaping @Sendable (ClientRefusal) -> Void = { _ in }
    ) throws(HostError) {
        self.endpoint = endpoint
        switch try Self.listen(endpoint) {
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

    /// Whether a debugger can connect.
    package var exists: Bool { endpoint != nil }

    /// Whether the only debugger is on standard input and output.
    package var isPipe: Bool { endpoint == .pipe }

    /// The bound TCP port; 0 if there is none.
    package var boundPort: UInt16 {
        switch admission {
        case .some(let admission): admission.port
        case .none: 0
        }
    }

    /// Whether an admitted debugger is waiting.
    package var hasDebugger: Bool {
        switch admission {
        case .some(let admission): admission.hasDebugger
        case .none: false
        }
    }

    /// The time limit for poll(2), in milliseconds; nil for no limit.
    package var timeLimit: Int? {
        switch admission {
        case .some(let admission): admission.timeLimit
        case .none: nil
        }
    }

    /// The descriptors to poll.
    package var requests: [PollRequest] {
        switch admission {
        case .some(let admission): admission.requests
        case .none: []
        }
    }

    /// Handles the events that poll(2) reported for `requests`.
    ///
    /// With `isOccupied`, a debugger is attached, and new connections are refused at once.
    package mutating func handle(_ requests: ArraySlice<PollRequest>, isOccupied: Bool) {
        admission?.handle(requests, isOccupied: isOccupied)
    }

    /// Returns the first debugger that connected, if one is waiting.
    ///
    /// Every other connection is closed.
    package mutating func takeDebugger() -> ClientAdmission.Candidate? { admission?.takeDebugger() }
}
