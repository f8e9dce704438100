import Foundation
import Synchronization

/// How a program ended.
package enum ProcessStatus: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
}

/// A failure of a program that a test needs, with a text for the reader of the test's output.
package struct ProcessError: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

/// A program a test started; it never outlives the test.
///
/// Standard input is a pipe held open by this object; standard output and error go to one pipe, in order, or to a
/// file. The program is killed by its process id when the object goes away, and at exit if the test process ends first.
/// It leads a session of its own, so no signal of a terminal reaches it and whatever it started goes with it.
package final class ChildProcess {
    package enum Output {
        /// To this object: read it with ``readOutput(until:limit:)``, or the program blocks when the pipe is full.
        case pipe
        /// To this file, created or cut to nothing.
        case file(String)
    }

    package let name: String
    package let pid: Int32
    private var input: CInt
    private var output: CInt
    private var outputEnded = false
    private var received: [UInt8] = []
    private var status: ProcessStatus?

    /// Starts a program found by its path.
    ///
    /// Where `setpriv` is there, the kernel ends the program with the thread that started it: a test's own, for as long
    /// as it waits for the program, so that nothing stays when the test process itself is killed. With `terminal` that
    /// is all three of its standard files.
    package init(
        _ program: String, _ arguments: [String], standardOutput: Output = .pipe, standardError: Output? = nil,
        terminal: PseudoTerminal? = nil
    ) throws {
        var command = [program] + arguments
        if let setpriv = Self.setpriv { command = [setpriv, "--pdeathsig", "KILL", "--"] + command }
        name = (program as NSString).lastPathComponent

        let inputPipe = try Self.pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let terminal {
            posix_spawn_file_actions_addopen(&actions, 0, terminal.path, O_RDWR, 0)
        } else {
            posix_spawn_file_actions_adddup2(&actions, inputPipe.read, 0)
        }
        var outputPipe: (read: CInt, write: CInt) = (-1, -1)
        switch terminal.map({ Output.file($0.path) }) ?? standardOutput {
        case .pipe:
            outputPipe = try Self.pipe()
            posix_spawn_file_actions_adddup2(&actions, outputPipe.write, 1)
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        switch standardError {
        case .none, .pipe: posix_spawn_file_actions_adddup2(&actions, 1, 2)
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, 2, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }

        // The signal mask of a test thread is not the child's business, and a server must see SIGPIPE as it would
        // when started from a shell.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for signal in [SIGPIPE, SIGINT, SIGQUIT, SIGTERM, SIGHUP] { sigaddset(&defaults, signal) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        let setSession: Int32 = 0x80  // POSIX_SPAWN_SETSID, which Glibc's module map leaves out
        posix_spawnattr_setflags(
            &attributes, Int16(setSession | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)))

        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, command[0], &actions, &attributes, arguments, environ)
        close(inputPipe.read)
        if outputPipe.write >= 0 { close(outputPipe.write) }
        guard failure == 0 else {
            close(inputPipe.write)
            if outputPipe.read >= 0 { close(outputPipe.read) }
            throw ProcessError("\(command[0]): \(String(cString: strerror(failure)))")
        }
        pid = child
        input = inputPipe.write
        output = outputPipe.read
        outputEnded = outputPipe.read < 0
        LiveProcesses.add(child)
    }

    private static let setpriv = try? Toolchain.onPath("setpriv")

    deinit {
        end()
        closeInput()
        if output >= 0 { close(output) }
    }

    private static func pipe() throws -> (read: CInt, write: CInt) {
        var ends: [CInt] = [-1, -1]
        guard Foundation.pipe(&ends) == 0 else { throw ProcessError("pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

// MARK: - Input and output

extension ChildProcess {
    /// Everything the program has written so far and this object has read.
    package var text: String { String(decoding: received, as: UTF8.self) }

    /// Writes to the program's standard input.
    package func write(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(input, $0.baseAddress, $0.count) }
            guard count > 0 else { throw ProcessError("\(name) does not read its input any more:\n\(self.text)") }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Ends the program's standard input.
    package func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// Reads output until the condition holds for all of it; throws, with the output, when the limit passes first.
    package func readOutput(until condition: (String) -> Bool, limit: Duration) throws {
        let deadline = ContinuousClock.now + limit.withPatience
        while !condition(text) {
            guard !outputEnded else { throw ProcessError("\(name) ended its output too early:\n\(text)") }
            guard try readSome(until: deadline) else {
                throw ProcessError("\(name) did not say what was expected within \(limit):\n\(text)")
            }
        }
    }

    /// Reads all output to its end; false when the limit passes first.
    package func readToEnd(limit: Duration) throws -> Bool {
        let deadline = ContinuousClock.now + limit.withPatience
        while !outputEnded {
            guard try readSome(until: deadline) else { return false }
        }
        return true
    }

    private func readSome(until deadline: ContinuousClock.Instant) throws -> Bool {
        let left = deadline - ContinuousClock.now
        guard left > .zero else { return false }
        var poll = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        let milliseconds = Int32(
            clamping: left.components.seconds * 1000 + 1 + left.components.attoseconds / 1_000_000_000_000_000)
        guard Foundation.poll(&poll, 1, milliseconds) > 0 else { return errno == EINTR }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = buffer.withUnsafeMutableBytes { read(output, $0.baseAddress, $0.count) }
        if count > 0 { received.append(contentsOf: buffer[..<count]) } else { outputEnded = true }
        return true
    }
}

// MARK: - Ending

extension ChildProcess {
    /// Sends a signal to the program alone.
    package func signal(_ number: Int32) {
        if status == nil { kill(pid, number) }
    }

    /// Waits for the end of the program; nil when it still runs after the limit.
    package func wait(limit: Duration) -> ProcessStatus? {
        let deadline = ContinuousClock.now + limit.withPatience
        while status == nil {
            var word: Int32 = 0
            let waited = waitpid(pid, &word, WNOHANG)
            if waited == pid {
                let number = word & 0x7f
                status = number == 0 ? .exited((word >> 8) & 0xff) : .signalled(number)
                LiveProcesses.remove(pid)
            } else if waited < 0 && errno != EINTR {
                status = .exited(-1)
                LiveProcesses.remove(pid)
            } else if ContinuousClock.now >= deadline {
                return nil
            } else {
                usleep(2000)
            }
        }
        return status
    }

    package var isRunning: Bool { wait(limit: .zero) == nil }

    /// Kills the program and whatever it started, if it still runs.
    package func end() {
        guard status == nil else { return }
        kill(-pid, SIGKILL)
        kill(pid, SIGKILL)
        _ = wait(limit: .seconds(5))
    }

    /// Runs a program to its end with nothing on its standard input; throws when it takes longer than the limit.
    package static func run(
        _ program: String, _ arguments: [String], limit: Duration
    ) throws -> (status: ProcessStatus, text: String) {
        let process = try ChildProcess(program, arguments)
        process.closeInput()
        let deadline = ContinuousClock.now + limit.withPatience
        guard try process.readToEnd(limit: limit), let status = process.wait(limit: deadline - .now) else {
            process.end()
            throw ProcessError("\(process.name) took longer than \(limit):\n\(process.text)")
        }
        return (status, process.text)
    }
}

/// The programs to kill when this process ends in an orderly way.
private enum LiveProcesses {
    static let pids: Mutex<Set<pid_t>> = {
        atexit {
            // A test may hold the lock at this moment: its program ends as it does when this process is killed.
            _ = LiveProcesses.pids.withLockIfAvailable { for pid in $0 { kill(-pid, SIGKILL) } }
        }
        return Mutex([])
    }()

    static func add(_ pid: pid_t) { pids.withLock { _ = $0.insert(pid) } }
    static func remove(_ pid: pid_t) { pids.withLock { _ = $0.remove(pid) } }
}
