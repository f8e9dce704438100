package import GDBStub
package import HostIO
import SystemPackage

/// A connected debugger: its descriptors, its session, and what it has not read yet.
package struct DebugClient: ~Copyable {
    package var session: DebugSession
    /// A socket of our own; nil for standard input and output, which stay open.
    private var connection: ClientAdmission.Candidate?
    /// Where input comes from and output goes; nil when closed.
    private var descriptors: (input: FileDescriptor, output: FileDescriptor)?
    private var unsent: [UInt8] = []
    private var sentCount = 0
    /// The number of bytes read since output began to wait.
    private var readAhead = 0
    private var wasAnswered = false

    /// A client that asks and doesn't read is not asked for more than this.
    private static let maximumReadAhead = 1 << 16
    /// The most bytes of one read: less than what glibc's allocator tidies up for when it is freed, 64 KiB.
    private static let readSize = 1 << 15
    /// Upper bound on output that waits in the kernel to be sent, in bytes: a slow client reads it before it sees a
    /// stop.
    ///
    /// A small send buffer would do the same, but it counts what is on its way, too, and makes large replies wait for
    /// the client's acknowledgments.
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

    package var isClosed: Bool { descriptors == nil }

    /// The wait for what it sends, and while the session works also for the end of that.
    var inputRequest: PollRequest {
        var events: PollRequest.Events = takesInput ? .input : []
        if hasWork { events.insert(.readHangUp) }
        return PollRequest(descriptors?.input, events)
    }

    /// The wait for room for the output that waits.
    var outputRequest: PollRequest { PollRequest(hasUnsent ? descriptors?.output : nil, .output) }

    package var hasUnsent: Bool { sentCount < unsent.count }

    /// Whether what it sends is read: not while the session waits for the machine.
    ///
    /// Input is read while output waits, too, so that Ctrl-C gets through.
    package var takesInput: Bool { session.takesInput && (!hasUnsent || readAhead < Self.maximumReadAhead) }

    /// Whether the other end has closed the connection, though what it sent before may not be read yet.
    package var hasLeft: Bool { descriptors?.input.isHungUp ?? true }

    /// Whether the session can continue with the bytes it has received.
    package var hasWork: Bool { !hasUnsent && session.hasWork }

    /// Whether something has been sent since this was asked last.
    package mutating func hasJustBeenAnswered() -> Bool {
        defer { wasAnswered = false }
        return wasAnswered
    }

    /// Ends the session because the transport has ended; nothing more can be sent.
    package mutating func close() {
        connection = nil
        descriptors = nil
        unsent = []
        sentCount = 0
        session.disconnected()
    }

    /// Reads what there is and gives it to the session; false at the end of the transport.
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

    /// Gives bytes that have been read to the session.
    package mutating func receive(_ bytes: [UInt8]) {
        if hasUnsent { readAhead += bytes.count }
        session.receive(bytes)
    }

    /// Takes what the session has to say now; false if it is nothing, or the client hasn't read the last of it yet.
    package mutating func takeOutput() -> Bool {
        guard !hasUnsent else { return false }
        var buffer: [UInt8] = []
        swap(&buffer, &unsent)
        let output = session.takeOutput(reusing: buffer)
        let isSomething = !output.isEmpty
        if !isClosed { unsent = output }
        return isSomething
    }

    /// Sends as much as the client takes; false at the end of the transport.
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

    /// Sends the report of the machine's end, which in non-stop mode the client has to ask for, for at most two
    /// seconds.
    mutating func reportEnd() {
        sendAll()
        for _ in 0..<50 where session.hasUnreportedStops && !isClosed {
            guard descriptors?.input.wait(for: .input, milliseconds: 20) ?? false else { continue }
            guard receive() else { return }
            while session.hasWork { session.continueWork() }
            sendAll()
        }
    }

    /// Sends the rest of the output, for at most a second.
    mutating func sendAll() {
        for _ in 0..<50 {
            guard send(), hasUnsent || takeOutput() else { return }
            _ = descriptors?.output.wait(for: .output, milliseconds: 20)
        }
    }
}
