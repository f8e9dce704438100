import Glibc

/// A program started to be asked one question.
///
/// Glibc alone: of Foundation, an arm64 build has only the essentials, and they start no programs.
package enum ProgramOutput {
    /// The first executable of that name in PATH.
    package static func find(_ name: String) -> String? {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(name)" }.first { isProgram($0) }
    }

    /// A folder can be executable too.
    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// All a program prints; nil if it fails or takes too long.
    ///
    /// It is killed when the time is over, and whatever it has started with it.
    package static func all(of path: String, _ arguments: [String], seconds: Int) -> String? {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let pid = spawn(path, arguments, output: ends[1])
        close(ends[1])
        guard let pid else { return nil }

        let output = read(ends[0], seconds: seconds)
        if output == nil { kill(-pid, SIGKILL) }
        var status: CInt = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { return nil }
        }
        // The status word of an exit with 0 (WIFEXITED and WEXITSTATUS are macros).
        guard status == 0, let output else { return nil }
        return String(decoding: output, as: UTF8.self)
    }

    /// Reads a pipe to its end; nil when that takes too long.
    private static func read(_ pipe: CInt, seconds: Int) -> [UInt8]? {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let left = (deadline - .now).components
            let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0 else { return nil }
            var request = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, CInt(clamping: milliseconds)) > 0 else { continue }
            let count = Glibc.read(pipe, &buffer, buffer.count)
            if count == 0 { return output }
            if count > 0 { output += buffer[..<count] } else if errno != EINTR { return nil }
        }
    }

    private static func spawn(_ path: String, _ arguments: [String], output: CInt) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        guard posix_spawn(&pid, path, &actions, &attributes, words, environ) == 0 else { return nil }
        return pid
    }
}
