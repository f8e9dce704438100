import Platform
package import SystemPackage

/// A program started by this process, and the end of it.
package struct ChildProgram: ~Copyable, Sendable {
    private let pid: pid_t

    /// Starts a program, by its path or by its name in PATH.
    ///
    /// It gets a process group of its own, so that Ctrl-C at the terminal doesn't reach it, no blocked signals, and no
    /// descriptors but those named. A descriptor that is nil is /dev/null.
    ///
    /// - Parameters:
    ///   - arguments: without the program's name, which comes first.
    ///   - others: descriptors that it finds at numbers from 3 up.
    package init(
        _ program: String, _ arguments: [String], output: FileDescriptor?, errors: FileDescriptor?,
        others: [FileDescriptor] = []
    ) throws(Errno) {
        // SAFETY: the actions and attributes are initialized before they are used and destroyed once. The calls copy
        // what their pointers name, but for `words`, which ends in nil and is freed after posix_spawnp(3) has returned.
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        for (number, descriptor) in [(STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
            if let descriptor {
                unsafe posix_spawn_file_actions_adddup2(&actions, descriptor.rawValue, number)
            } else {
                unsafe posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0)
            }
        }
        for (number, descriptor) in zip(CInt(3)..., others) {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor.rawValue, number)
        }
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer { unsafe words.forEach { unsafe free($0) } }
        var pid: pid_t = 0
        let status = unsafe posix_spawnp(&pid, program, &actions, &attributes, words, environ)
        guard status == 0 else { throw Errno(rawValue: status) }
        self.pid = pid
    }

    /// Asks it to end, with SIGTERM.
    package func terminate() {
        kill(pid, SIGTERM)
    }

    /// Kills it, and whatever it has started in its process group.
    package func killGroup() {
        kill(-pid, SIGKILL)
    }

    /// Waits for its end; true if it succeeded.
    @discardableResult
    package func wait() -> Bool {
        var status: CInt = 0
        do throws(Errno) {
            // SAFETY: waitpid(2) writes one status.
            try systemCall { unsafe waitpid(pid, &status, 0) }
        } catch {
            return false
        }
        // The status word of an exit with 0 (WIFEXITED and WEXITSTATUS are macros).
        return status == 0
    }

    /// Whether it has ended, which is found out once: afterwards its number may be another program's.
    package func hasEnded() -> Bool { waitpid(pid, nil, WNOHANG) != 0 }

    /// Terminates it and waits; it is killed if it takes longer than a second.
    package func end() {
        terminate()
        for _ in 0..<200 {
            if hasEnded() { return }
            usleep(5000)
        }
        kill(pid, SIGKILL)
        wait()
    }
}
