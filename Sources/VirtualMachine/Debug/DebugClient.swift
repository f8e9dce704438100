package import GDBStub
package import HostIO
import SystemPackage

/// A connected debugger: its descriptors, its session, and its unsent output.
package struct DebugClient: ~Copyable {
    /// The debug session.
    package var session: DebugSession
    /// The client's socket; nil on standard input and output, which stay open.
    private var connection: ClientAdmission.Candidate?
    /// The descriptors to read from and write to; nil once closed.
    private var descriptors: (input: FileDescriptor, output: FileDescriptor)?
    private var unsent: [UInt8] = []
    private var sentCount = 0
    /// The number of bytes read since output began to wait.
    private var readAhead = 0
    private var wasAnswered = false

    /// The most bytes read while output waits, because a client may send requests and never read replies.
    private static let maximumReadAhead = 1 << 16
    /// The most bytes of one read.
    ///
    /// Below 64 KiB, because glibc's allocator consolidates memory when it frees a block of that size.
    private static let readSize = 1 << 15
    /// The most output that waits in the kernel to be sent, in bytes.
    ///
    /// A slow client reads this output before the report of a stop.
    ///
    /// A small send buffer would have the same effect, but it also counts data in transit, so large replies would wait
    /// for the client's acknowledgments.
    private static let maximumNotSent: CInt = 1 << 15

    /// A client on a connected socket.
    package init(_ connection: ClientAdmission.Candidate, session: consuming DebugSession) {
        let socket = connection.socket.borrowed
        socket.limitUnsent(to: Self.maximumNotSent)
        descriptors = (socket, socket)
        self.connection = connection
        self.session = session
    }

    /// A client on standard input and output.
    package init(onStandardStreams session: consuming DebugSession) {
        descriptors = (.standardInput, .standardOutput)
        connection = nil
        self.session = session
    }

    /// Whether the client's descriptors are closed.
    package var isClosed: Bool { descriptors == nil }

    /// The poll request for input, and during a long request also for the end of the client's input.
    var inputRequest: PollRequest {
        var events: PollRequest.Events = takesInput ? .input : []
        if hasWork { events.insert(.readHangUp) }
        return PollRequest(descriptors?.input, events)
    }

    /// The poll request for room to send, while output waits.
    var outputRequest: PollRequest { PollRequest(hasUnsent ? descriptors?.output : nil, .output) }

    /// Whether output waits to be sent.
    package var hasUnsent: Bool { sentCount < unsent.count }

    /// Whether to read from the client, which depends on the session's room for input.
    ///
    /// Input is read even while output waits, up to a limit, so that Ctrl-C reaches the session.
    package var takesInput: Bool { session.takesInput && (!hasUnsent || readAhead < Self.maximumReadAhead) }

    /// Whether the client has closed the connection.
    ///
    /// Bytes that it sent earlier may still be unread.
    package var hasLeft: Bool { descriptors?.input.isHungUp ?? true }

    /// Whether the session can continue with the bytes it has received.
    package var hasWork: Bool { !hasUnsent && session.hasWork }

    /// Returns whether output has been sent since the last call.
    package mutating func hasJustBeenAnswered() -> Bool {
        defer { wasAnswered = false }
        return wasAnswered
    }

    /// Closes the descriptors and ends the session, because the connection has ended.
    ///
    /// Unsent output is dropped.
    package mutating func close() {
        connection = nil
        descriptors = nil
        unsent = []
        sentCount = 0
        session.disconnected()
    }

    /// Reads available bytes and passes them to the session.
    ///
    /// Returns false at the end of the connection.
    package mutating func receive() -> Bool {
        guard let descriptors else { return false }
        do throws(Errno) {
            let bytes = try descriptors.input.read(upTo: Self.readSize)
            if !bytes.isEmpty { receive(bytes) }
            return !bytes.isEmpty
        } catch {
            return error.isWouldBlock
        }
    }

    /// Passes bytes that have been read to the session.
    package mutating func receive(_ bytes: [UInt8]) {
        if hasUnsent { readAhead += bytes.count }
        session.receive(bytes)
    }

    /// Takes output from the session.
    ///
    /// Returns false if there is none, or if earlier output is still unsent.
    package mutating func takeOutput() -> Bool {
        guard !hasUnsent else { return false }
        var buffer: [UInt8] = []
        swap(&buffer, &unsent)
        let output = session.takeOutput(reusing: buffer)
        let isSomething = !output.isEmpty
        if !isClosed { unsent = output }
        return isSomething
    }

    /// Sends as much output as possible without waiting.
    ///
    /// Returns false at the end of the connection.
    package mutating func send() -> Bool {
        while hasUnsent {
            guard let descriptors else { return false }
            do throws(Errno) {
                sentCount += try descriptors.output.write(unsent[sentCount...])
            } catch {
                return error.isWouldBlock
            }
            wasAnswered = true
        }
        unsent.removeAll(keepingCapacity: true)
        sentCount = 0
        readAhead = 0
        return true
    }

    /// Sends the report of the machine's end, for at most about two seconds.
    ///
    /// In non-stop mode the client must request it.
    mutating func reportEnd() {
        sendAll()
        for _ in 0..<50 where session.hasUnreportedStops && !isClosed {
            guard descriptors?.input.wait(for: .input, milliseconds: 20) ?? false else { continue }
            guard receive() else { return }
            while session.hasWork { session.continueWork() }
            sendAll()
        }
    }

    /// Sends the remaining output, for about a second at most.
    mutating func sendAll() {
        for _ in 0..<50 {
            guard send(), hasUnsent || takeOutput() else { return }
            _ = descriptors?.output.wait(for: .output, milliseconds: 20)
        }
    }
}
