import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Clients other than plain GDB and LLDB, run for real or replayed from a transcript of the packets they send.
    ///
    /// `make test-tools` runs the tools from Debian's packages and PyPI, which it fetches over the network once.
    @Suite(.serialized)
    struct Tools {}
}

extension Trait where Self == ConditionTrait {
    /// A test that fetches a client; left out unless `TRAPLINE_TEST_TOOLS` is set.
    static var fetchesTools: Self {
        .enabled(
            if: ProcessInfo.processInfo.environment["TRAPLINE_TEST_TOOLS"] != nil,
            "it fetches the client: `make test-tools` runs it")
    }
}

/// The Python clients, whose scripts are in `Tests/Tools`.
enum PythonTool {
    /// The interpreter of the environment that has them.
    private static let interpreter = Result {
        let script = Repository.path("Scripts/python-tools")
        let result = try ChildProcess.run(script, [], limit: .seconds(600))
        guard result.status == .exited(0), let last = result.text.split(separator: "\n").last else {
            throw ProcessError("\(script) failed:\n\(result.text)")
        }
        return String(last)
    }

    static func run(_ script: String, _ arguments: [String]) throws -> GDBLog {
        let path = Repository.path("Tests/Tools/\(script).py")
        let result = try ChildProcess.run(interpreter.get(), [path] + arguments, limit: .seconds(60))
        return GDBLog(text: result.text, succeeded: result.status == .exited(0))
    }

    /// The file of a module in the environment.
    static func file(_ relative: String) throws -> String {
        let program = "import sysconfig; print(sysconfig.get_path('purelib'))"
        let result = try ChildProcess.run(interpreter.get(), ["-c", program], limit: .seconds(20))
        return result.text.trimmingCharacters(in: .whitespacesAndNewlines) + "/" + relative
    }
}

extension VMUnderTest {
    /// The TCP port of the stub.
    var port: String { String(endpoint.split(separator: ":").last ?? "") }
}
