import GDBStub
import Glibc
import HostIO

/// A connected debugger: its descriptors, its session, and what it has not read yet.
struct DebugClient: ~Copyable {
    var session: DebugSession
    /// A socket of our own; nil for standard input and output, which stay open.
    private var connection: ClientAdmission.Candidate?
    /// What to poll for input; -1 when closed.
    private(set) var readDescriptor: CInt
    /// What to poll for room for output; -1 when closed.
    private(set) var writeDescriptor: CInt
    private var unsent: [UInt8] = []
    private var sentCount = 0
    /// The number of bytes read since output began to wait.
    private var readAhead = 0
    private var wasAnswered = false

    /// A client that asks and doesn't read is not asked for more than this.
    private static let mostReadAhead = 1 << 16
    /// The most bytes of one read: less than what glibc's allocator tidies up for when it is freed, 64 KiB.
    private static let readSize = 1 << 15
    /// Upper bound on output that waits in the kernel to be sent, in bytes: a slow client reads it before it sees a stop.
    ///
    /// A small send buffer would do the same, but it counts what is on its way, too, and makes large replies wait for the
    /// client's acknowledgments.
    private static let mostNotSent: CInt = 1 << 15
    /// TCP_NOTSENT_LOWAT of tcp(7), which Glibc's module leaves out.
    private static let notSentOption: CInt = 25

    /// A client on a connected socket.
    init(_ connection: ClientAdmission.Candidate, session: consuming DebugSession) {
        readDescriptor = connection.socket.raw
        writeDescriptor = connection.socket.raw
        var size = Self.mostNotSent
        // Fails harmlessly on a Unix-domain socket.
        setsockopt(
            readDescriptor, CInt(IPPROTO_TCP), Self.notSentOption, &size, socklen_t(MemoryLayout<CInt>.size))
        self.connection = connection
        self.session = session
    }

    /// A client on standard input and output.
    init(onStandardStreams session: consuming DebugSession) {
        readDescriptor = STDIN_FILENO
        writeDescriptor = STDOUT_FILENO
        connection = nil
        self.session = session
    }

    var isClosed: Bool { readDescriptor < 0 }

    var hasUnsent: Bool { sentCount < unsent.count }

    /// Whether what it sends is read: not while the session waits for the machine.
    ///
    /// Input is read while output waits, too, so that Ctrl-C gets through.
    var takesInput: Bool { session.takesInput && (!hasUnsent || readAhead < Self.mostReadAhead) }

    /// Whether the other end has closed the connection, though what it sent before may not be read yet.
    var hasLeft: Bool { isClosed || HangUp.isReported(by: readDescriptor) }

    /// Whether the session can continue with the bytes it has received.
    var hasWork: Bool { !hasUnsent && session.hasWork }

    /// Whether something has been sent since this was asked last.
    mutating func hasJustBeenAnswered() -> Bool {
        defer { wasAnswered = false }
        return wasAnswered
    }

    /// Takes the end of the transport: the session winds up, with nobody to talk to.
    mutating func close() {
        connection = nil
        readDescriptor = -1
        writeDescriptor = -1
        unsent = []
        sentCount = 0
        session.disconnected()
    }

    /// Reads what there is and gives it to the session; false at the end of the transport.
    mutating func receive() -> Bool {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.readSize) { buffer, initialized in
            count = read(readDescriptor, buffer.baseAddress, Self.readSize)
            initialized = max(0, count)
        }
        if count < 0 { return lastErrno == EINTR || lastErrno == EAGAIN }
        guard count > 0 else { return false }
        receive(bytes)
        return true
    }

    /// Gives bytes that have been read to the session.
    mutating func receive(_ bytes: [UInt8]) {
        if hasUnsent { readAhead += bytes.count }
        session.receive(bytes)
    }

    /// Takes what the session has to say now; false if it is nothing, or the client hasn't read the last of it yet.
    mutating func takeOutput() -> Bool {
        guard !hasUnsent else { return false }
        var buffer: [UInt8] = []
        swap(&buffer, &unsent)
        let output = session.takeOutput(reusing: buffer)
        let isSomething = !output.isEmpty
        if !isClosed { unsent = output }
        return isSomething
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
            wasAnswered = true
        }
        unsent.removeAll(keepingCapacity: true)
        sentCount = 0
        readAhead = 0
        return true
    }

    /// Tells of the machine's end, which in non-stop mode the client has to ask for, for at most two seconds.
    mutating func tellEnd() {
        sendAll()
        for _ in 0..<50 where session.hasUnreportedStops && !isClosed {
            var request = pollfd(fd: readDescriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, 20) > 0 else { continue }
            guard receive() else { return }
            while session.hasWork { session.continueWork() }
            sendAll()
        }
    }

    /// Sends the last words, for at most a second.
    mutating func sendAll() {
        for _ in 0..<50 {
            guard send(), hasUnsent || takeOutput() else { return }
            var request = pollfd(fd: writeDescriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&request, 1, 20)
        }
    }
}
