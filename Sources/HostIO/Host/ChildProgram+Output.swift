import Platform
import SystemPackage

// A program started to be asked one question.
extension ChildProgram {
    /// The first executable of that name in PATH.
    package static func find(_ name: String) -> String? {
        // SAFETY: the string is copied at once; no thread of this process changes its environment.
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(name)" }.first { isProgram($0) }
    }

    /// Whether a file can be executed: a folder's permissions say so, too.
    private static func isProgram(_ path: String) -> Bool {
        // SAFETY: access(2) reads a string that ends in a zero.
        let isPermitted = unsafe access(path, X_OK) == 0
        return isPermitted && FileStatus(path: path, followsLink: true)?.kind == .regular
    }

    /// All a program prints; nil if it fails or takes too long.
    ///
    /// It is killed when the time is over, and whatever it has started with it.
    package static func output(of path: String, _ arguments: [String], seconds: Int) -> String? {
        do throws(Errno) {
            let pipe = try OwnedDescriptor.pipe()
            let source = pipe.first
            let program = try start(path, arguments, output: pipe.second)
            let output = read(source.borrowed, seconds: seconds)
            if output == nil { program.killGroup() }
            guard program.wait(), let output else { return nil }
            return String(decoding: output, as: UTF8.self)
        } catch {
            return nil
        }
    }

    /// Starts a program whose output and errors go to a pipe, which is its alone afterwards.
    private static func start(
        _ path: String, _ arguments: [String], output: consuming OwnedDescriptor
    ) throws(Errno) -> ChildProgram {
        try ChildProgram(path, arguments, output: output.borrowed, errors: output.borrowed)
    }

    /// Reads a pipe to its end; nil when that takes too long.
    private static func read(_ pipe: FileDescriptor, seconds: Int) -> [UInt8]? {
        let deadline = HostClock.now() &+ UInt64(seconds) * 1_000_000_000
        var output: [UInt8] = []
        while true {
            let left = (deadline &- min(deadline, HostClock.now())) / 1_000_000
            guard left > 0 else { return nil }
            guard pipe.wait(for: .input, milliseconds: Int(left)) else { continue }
            guard let bytes = try? pipe.read(upTo: 4096) else { return nil }
            if bytes.isEmpty { return output }
            output += bytes
        }
    }
}
