import SystemPackage

/// A passt process of the machine's own: it gives the guest the host's network through a socket, without privileges.
///
/// passt(1). It ends by itself when the socket is closed, so that it can't outlive the machine.
final class Passt {
    private let program: ChildProgram
    /// The read end of passt's standard error.
    private let log: OwnedDescriptor

    private init(_ program: consuming ChildProgram, log: consuming OwnedDescriptor) {
        self.program = program
        self.log = log
    }

    deinit {
        program.end()
    }

    /// How long a passt that can't do its work may take to find out, in milliseconds.
    private static let patience = 200

    /// The arguments of passt.
    ///
    /// The MTU is one that Linux accepts without offloads; a guest would also accept passt's own default of 65,520
    /// bytes, and then frames could not pass.
    ///
    /// The child finds its end of the socket at descriptor 3.
    private static let arguments = ["--foreground", "--quiet", "--mtu", "1500", "--fd", "3"]

    /// Starts passt with one end of a socket, and connects a port to the other.
    static func start() throws(StartError) -> StreamPort {
        let sockets = try attempt({ () throws(Errno) in try OwnedDescriptor.socketPair() }, otherwise: failure)
        let pipe = try attempt({ () throws(Errno) in try OwnedDescriptor.pipe() }, otherwise: failure)
        // The log is only read at the end: what doesn't fit into the pipe is lost, but passt doesn't wait.
        pipe.first.setNonblocking()
        pipe.second.setNonblocking()
        let socket = sockets.first
        let passt = Passt(try spawn(socket: sockets.second, log: pipe.second), log: pipe.first)
        if socket.borrowed.wait(for: [], milliseconds: patience) {
            throw failure("passt has ended: " + (passt.lastWords ?? "no message; run it by hand to see why"))
        }
        return StreamPort(socket, passt: passt)
    }

    private static func failure(_ errno: Errno) -> StartError { failure("\(errno)") }

    private static func failure(_ text: String) -> StartError {
        StartError(.network(.passt), text)
    }

    /// Starts the program; its ends of the socket and the pipe are its alone afterwards.
    private static func spawn(
        socket: consuming OwnedDescriptor, log: consuming OwnedDescriptor
    ) throws(StartError) -> ChildProgram {
        do throws(Errno) {
            return try ChildProgram(
                "passt", arguments, output: nil, errors: log.borrowed, others: [socket.borrowed])
        } catch .noSuchFileOrDirectory {
            throw failure("passt is not installed: apt-get install passt")
        } catch {
            throw failure("passt does not start: \(error)")
        }
    }

    /// The last line with text that passt has written to standard error.
    var lastWords: String? {
        guard let bytes = try? log.borrowed.read(upTo: 65_536), !bytes.isEmpty else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            // Where there is no syslog, it complains of that after each line.
            .last { !$0.hasPrefix("Failed to send") && $0.contains(where: \.isLetter) }
    }
}
