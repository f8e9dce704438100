import Foundation
import GDBStub
import Synchronization
import TestSupport
import Testing
import TranscriptSupport
import VirtualMachine

/// Records the transcripts of `Tests/GDBStubTests/Transcripts`, with real clients and the software CPU.
///
/// `TRAPLINE_RECORD=1` records all of them, `TRAPLINE_RECORD=gdb-linux,lldb` those whose names begin so.
@Suite(.serialized, .enabled(if: RecordedSession.isAsked, "TRAPLINE_RECORD is not set"))
struct RecordTranscripts {
    @Test(arguments: RecordedSession.chosen)
    func record(_ session: RecordedSession) throws {
        let machine = try RecordedMachine(session.boot, vcpuCount: session.vcpuCount)
        let listener = try LoopbackListener()
        let place = RecordedSession.Place(
            endpoint: "127.0.0.1:\(listener.port)", program: machine.program, symbols: machine.symbols)
        let box = LogBox()
        Thread.detachNewThread {
            let log = Result { try session.script(place) }
            box.log.withLock { $0 = log }
        }
        let recorder = SessionRecorder(machine.machine, connection: try listener.accept())
        do {
            try recorder.serve(limit: .seconds(240))
        } catch {
            Issue.record(error)
        }
        _ = Patience.eventually(every: .milliseconds(10)) { box.log.withLock { $0 != nil } }
        let result = try #require(box.log.withLock { $0 }, "the client does not end").get()
        #expect(result.succeeded && recorder.writer.problems.isEmpty, "\(result)\n\(recorder.writer.problems)")
        try FileManager.default.createDirectory(
            atPath: TranscriptFolder.path + "/Targets", withIntermediateDirectories: true)
        let path = "\(TranscriptFolder.path)/\(session.name).txt"
        try text(of: recorder, session, machine).write(toFile: path, atomically: true, encoding: .utf8)
        print("recorded \(path): \(recorder.writer.lines.count) lines; the client said:\n\(result)")
        var replay = try Replay(path: path)
        try replay.run()
    }

    private final class LogBox: Sendable {
        let log = Mutex<Result<GDBLog, any Error>?>(nil)
    }

    private func text(
        of recorder: SessionRecorder, _ session: RecordedSession, _ machine: RecordedMachine
    ) throws -> String {
        let target = TargetFile(machine.machine.debugTarget)
        let lines =
            [
                "# \(session.about)", "server \(SessionRecorder.serverName)",
                "version \(SessionRecorder.serverVersion)", "target \(try TranscriptFolder.name(of: target))",
                "vcpus \(session.vcpuCount)", "begin \(recorder.initialStop.transcriptText)", "",
            ] + recorder.writer.lines
        return lines.map { $0 + "\n" }.joined()
    }
}

/// A session that is recorded: a machine, and a client that debugs it.
struct RecordedSession: Sendable, CustomTestStringConvertible {
    /// The parameters of a client's script.
    struct Place: Sendable {
        /// The argument of `target remote`.
        var endpoint: String
        var program: GuestProgram?
        /// Addresses of functions of the kernel, by name.
        var symbols: [String: UInt64]

        /// The address of a kernel function, for a debugger.
        func address(_ function: String) throws -> String {
            guard let address = symbols[function] else { throw ProcessError("the kernel has no \(function)") }
            return "0x" + String(address, radix: 16)
        }
    }

    /// The name of the transcript.
    var name: String
    /// One sentence for the file's first line.
    var about: String
    var boot: RecordedMachine.Boot
    var vcpuCount = 1
    /// Runs the client to its end.
    var script: @Sendable (Place) throws -> GDBLog

    var testDescription: String { name }

    private static let choice = ProcessInfo.processInfo.environment["TRAPLINE_RECORD"]
    static var isAsked: Bool { choice.map { !$0.isEmpty } ?? false }

    static var chosen: [RecordedSession] {
        let names = (choice ?? "").split(separator: ",").map(String.init)
        return all.filter { session in names == ["1"] || names.contains { session.name.hasPrefix($0) } }
    }

    static let all = bareMetal + kernels + lldb
}

/// The folder of the transcripts.
enum TranscriptFolder {
    static let path = Repository.path("Tests/GDBStubTests/Transcripts")

    /// The name of the file with this text in the folder `Targets`; it is made if there is none yet.
    static func name(of target: TargetFile) throws -> String {
        let folder = path + "/Targets"
        let text = target.text
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".txt") }
        for name in names.sorted() where try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) == text {
            return String(name.dropLast(4))
        }
        let name = "software-cpu" + (names.isEmpty ? "" : "-\(names.count + 1)")
        try text.write(toFile: "\(folder)/\(name).txt", atomically: true, encoding: .utf8)
        return name
    }
}

/// A listening socket on the loopback interface, for one client.
final class LoopbackListener {
    let port: UInt16
    private let socket: CInt

    init() throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = socket
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 && listen(socket, 1) == 0 && getsockname(socket, $0, &size) == 0
            }
        }
        guard isBound else { throw ProcessError("can't listen: \(String(cString: strerror(errno)))") }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(socket) }

    /// Waits for the client and returns the connected socket.
    func accept() throws -> CInt {
        var request = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, 60_000) > 0 else { throw ProcessError("no client has connected") }
        let connection = Foundation.accept(socket, nil, nil)
        guard connection >= 0 else { throw ProcessError("accept: \(String(cString: strerror(errno)))") }
        var on: CInt = 1
        setsockopt(connection, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
        return connection
    }
}
