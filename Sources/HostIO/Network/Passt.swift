import Glibc

/// A passt process of the machine's own: it gives the guest the host's network through a socket, without privileges.
///
/// passt(1). It ends by itself when the socket is closed, so that it can't outlive the machine.
final class Passt {
    private let pid: pid_t
    /// What it writes to standard error.
    private let log: OwnedDescriptor

    private init(pid: pid_t, log: consuming OwnedDescriptor) {
        self.pid = pid
        self.log = log
    }

    deinit {
        kill(pid, SIGTERM)
        for _ in 0..<200 {
            if waitpid(pid, nil, WNOHANG) != 0 { return }
            usleep(5000)
        }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    /// Where the child finds its end of the socket.
    private static let childSocket: CInt = 3
    /// How long a passt that can't do its work may take to find out, in milliseconds.
    private static let patience: CInt = 200

    /// What Linux accepts without offloads: a guest that is offered passt's own default of 65,520 bytes takes it.
    private static let arguments = ["passt", "--foreground", "--quiet", "--mtu", "1500", "--fd", "\(childSocket)"]

    /// Starts passt with one end of a socket, and connects a port to the other.
    static func start() throws(StartError) -> StreamPort {
        var sockets: [CInt] = [-1, -1]
        var pipes: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | O_CLOEXEC, 0, &sockets) == 0,
            pipe(&pipes) == 0
        else { throw failure(HostError.text(lastErrno)) }
        // Nobody reads the log before the end: what doesn't fit into the pipe is lost, but passt doesn't wait.
        for end in pipes {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        let ours = OwnedDescriptor(sockets[0])
        let log = OwnedDescriptor(pipes[0])
        let passt = Passt(pid: try spawn(socket: OwnedDescriptor(sockets[1]), log: OwnedDescriptor(pipes[1])), log: log)
        var request = pollfd(fd: ours.raw, events: 0, revents: 0)
        if poll(&request, 1, patience) > 0 {
            throw failure("passt has ended: " + (passt.lastWords ?? "without a word; run it by hand to see why"))
        }
        return StreamPort(ours, passt: passt)
    }

    private static func failure(_ text: String) -> StartError {
        StartError(.network(.passt), text)
    }

    /// Starts the program; its ends of the socket and the pipe are its alone afterwards.
    private static func spawn(
        socket: consuming OwnedDescriptor, log: consuming OwnedDescriptor
    ) throws(StartError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, log.raw, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, socket.raw, childSocket)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // A group of its own: Ctrl-C before the terminal is raw is not for passt.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let status = posix_spawnp(&pid, "passt", &actions, &attributes, words, environ)
        guard status != ENOENT else { throw failure("passt is not installed: apt-get install passt") }
        guard status == 0 else { throw failure("passt does not start: \(HostError.text(status))") }
        return pid
    }

    /// The last line that tells something of what it has written to standard error.
    var lastWords: String? {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, initialized in
            count = read(log.raw, buffer.baseAddress, buffer.count)
            initialized = max(0, count)
        }
        guard count > 0 else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            // Where there is no syslog, it complains of that after each line.
            .last { !$0.hasPrefix("Failed to send") && $0.contains(where: \.isLetter) }
    }
}
