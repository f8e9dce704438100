import SystemPackage

/// Frames over a Unix-domain stream socket, each after its length.
final class StreamPort: FramePort {
    private let socket: OwnedDescriptor
    /// The program at the other end, if it is the machine's own.
    private let passt: Passt?
    private var decoder = FrameDecoder()
    /// The rest of a frame of which the socket has taken a part.
    private var unsent: ArraySlice<UInt8> = []

    private static let chunk = 65_536

    init(_ socket: consuming OwnedDescriptor, passt: Passt? = nil) {
        socket.setNonblocking()
        self.socket = socket
        self.passt = passt
    }

    /// Connects to a socket that another program serves.
    convenience init(connectingTo path: String) throws(StartError) {
        guard let address = SocketAddress(path: path) else {
            throw StartError(.network(.unix(path: path)), "the path is too long")
        }
        let socket = try attempt { () throws(Errno) in
            try OwnedDescriptor.streamSocket(connectedTo: address)
        } otherwise: {
            StartError(.network(.unix(path: path)), "\($0)", advice: .passt(socket: path))
        }
        self.init(socket)
    }

    var descriptor: FileDescriptor { socket.borrowed }
    var hasUnsent: Bool { !unsent.isEmpty }

    func receive() -> FrameArrival {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try socket.borrowed.read(upTo: Self.chunk)
        } catch {
            return isTemporary(error) ? .nothing : .lost(ending("\(error)"))
        }
        if bytes.isEmpty { return .lost(ending("the other end has closed the connection")) }
        decoder.receive(bytes)
        var frames: [[UInt8]] = []
        do throws(FrameDecoder.BadLength) {
            while let frame = try decoder.next() { frames.append(frame) }
        } catch {
            return .lost("the other end sends a frame of \(error.length) bytes, which no Ethernet frame has")
        }
        return .frames(frames)
    }

    func send(_ frame: [UInt8]) -> FrameDeparture {
        if hasUnsent {
            let rest = sendRest()
            guard rest == .sent else { return rest }
        }
        unsent = (FrameDecoder.header(of: frame) + frame)[...]
        let departure = write()
        if departure == .full {
            // Nothing of it has gone: it can still be dropped as a whole.
            unsent = []
        }
        return departure
    }

    func sendRest() -> FrameDeparture {
        let departure = hasUnsent ? write() : .sent
        return hasUnsent && departure == .sent ? .full : departure
    }

    /// Writes once; `full` only if nothing was taken.
    private func write() -> FrameDeparture {
        do throws(Errno) {
            unsent = unsent.dropFirst(try socket.borrowed.send(unsent))
            return .sent
        } catch {
            return isTemporary(error) ? .full : .lost(ending("\(error)"))
        }
    }

    private func isTemporary(_ errno: Errno) -> Bool {
        errno.isWouldBlock || errno == .noBufferSpace
    }

    private func ending(_ text: String) -> String {
        passt.map { "passt has ended: " + ($0.lastWords ?? text) } ?? text
    }
}
