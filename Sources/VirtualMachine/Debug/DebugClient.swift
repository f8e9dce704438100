import GDBStub
import Glibc

/// A connected debugger: its descriptors, its session, and what it has not read yet.
struct DebugClient: ~Copyable {
    var session: DebugSession
    private var connection: Connection
    private var unsent: [UInt8] = []
    private var sentCount = 0

    /// A socket of our own, or standard input and output, which stay open.
    enum Connection: ~Copyable {
        case socket(OwnedDescriptor)
        case standardStreams
        case closed
    }

    init(_ connection: consuming Connection, session: consuming DebugSession) {
        self.connection = connection
        self.session = session
    }

    var isClosed: Bool {
        switch connection {
        case .closed: true
        case .socket, .standardStreams: false
        }
    }

    /// What to poll for input; -1 when closed.
    var readDescriptor: CInt {
        switch connection {
        case .socket(let descriptor): descriptor.raw
        case .standardStreams: STDIN_FILENO
        case .closed: -1
        }
    }

    /// What to poll for room for output; -1 when closed.
    var writeDescriptor: CInt {
        switch connection {
        case .socket(let descriptor): descriptor.raw
        case .standardStreams: STDOUT_FILENO
        case .closed: -1
        }
    }

    var hasUnsent: Bool { sentCount < unsent.count }

    /// A client that asks and doesn't read is not asked for more.
    var mayReceive: Bool { unsent.count - sentCount < 1 << 20 }

    /// Takes the end of the transport: the session winds up, with nobody to talk to.
    mutating func close() {
        connection = .closed
        unsent = []
        sentCount = 0
        session.disconnected()
    }

    /// Reads what there is and gives it to the session; false at the end of the transport.
    mutating func receive() -> Bool {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, initialized in
            count = read(readDescriptor, buffer.baseAddress, 1 << 16)
            initialized = max(0, count)
        }
        if count < 0 { return lastErrno == EINTR || lastErrno == EAGAIN }
        guard count > 0 else { return false }
        session.receive(bytes)
        return true
    }

    /// Takes what the session has to say now; false if it is nothing.
    mutating func takeOutput() -> Bool {
        let output = session.takeOutput()
        if !isClosed { unsent += output }
        return !output.isEmpty
    }

    /// Sends as much as the client takes; false at the end of the transport.
    mutating func send() -> Bool {
        while hasUnsent {
            let count = unsent.withUnsafeBytes { bytes in
                write(writeDescriptor, bytes.baseAddress.map { $0 + sentCount }, bytes.count - sentCount)
            }
            if count < 0 {
                if lastErrno == EINTR { continue }
                return lastErrno == EAGAIN
            }
            sentCount += count
        }
        unsent.removeAll(keepingCapacity: true)
        sentCount = 0
        return true
    }

    /// Sends the last words, for at most a second.
    mutating func sendAll() {
        for _ in 0..<50 {
            guard send(), hasUnsent else { return }
            var request = pollfd(fd: writeDescriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&request, 1, 20)
        }
    }
}
