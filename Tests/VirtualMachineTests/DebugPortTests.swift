import HostIO
import TestSupport
import Testing
import VirtualMachine

@Suite("The debug port") struct DebugPortTests {
    /// A port that is handled on the test's thread.
    private final class Rig {
        private var port: DebugPort

        init(_ endpoint: DebugEndpoint?) throws { port = try DebugPort(endpoint) }

        var exists: Bool { port.exists }
        var isPipe: Bool { port.isPipe }
        var boundPort: UInt16 { port.boundPort }
        var hasDebugger: Bool { port.hasDebugger }
        var requestCount: Int { port.requests.count }

        /// Handles what arrives within some milliseconds.
        func handle(isOccupied: Bool = false) {
            var requests = port.requests
            PollRequest.poll(&requests, milliseconds: 20)
            port.handle(requests[...], isOccupied: isOccupied)
        }

        func takeDebugger() -> ClientAdmission.Candidate? { port.takeDebugger() }
    }

    @Test("a connection is a debugger once it has sent a packet, which the session gets")
    func admission() throws {
        let folder = try TemporaryFolder()
        let rig = try Rig(.unix(path: folder.file("gdb")))
        #expect(rig.exists && !rig.isPipe && rig.boundPort == 0)
        let client = try RSPClient(folder.file("gdb"))
        rig.handle()
        #expect(!rig.hasDebugger && rig.takeDebugger() == nil)
        try client.send(raw: Array("$?#3f".utf8))
        #expect(
            Patience.eventually {
                rig.handle()
                return rig.hasDebugger
            })
        #expect(rig.takeDebugger()?.bytes == Array("$?#3f".utf8))
        #expect(!rig.hasDebugger)
    }

    @Test("a connection is closed at once while a debugger is attached")
    func occupied() throws {
        let folder = try TemporaryFolder()
        let rig = try Rig(.unix(path: folder.file("gdb")))
        let client = try RSPClient(folder.file("gdb"))
        rig.handle(isOccupied: true)
        #expect(rig.requestCount == 1)
        #expect(throws: (any Error).self) { try client.ask("?") }
    }

    @Test("a TCP port that the system chooses is known once it is bound")
    func tcp() throws {
        let rig = try Rig(.tcp(host: "127.0.0.1", port: 0))
        #expect(rig.boundPort != 0 && rig.requestCount == 1)
    }

    @Test("a pipe, and no debug port, have nothing to poll")
    func withoutSocket() throws {
        let pipe = try Rig(.pipe)
        #expect(pipe.exists && pipe.isPipe && pipe.requestCount == 0 && !pipe.hasDebugger)
        let none = try Rig(nil)
        #expect(!none.exists && !none.isPipe && none.requestCount == 0 && none.boundPort == 0)
    }

    @Test("an address that cannot be bound is an error")
    func badAddresses() {
        #expect(throws: HostError.self) { _ = try Rig(.tcp(host: "nowhere", port: 1)) }
        #expect(throws: HostError.self) { _ = try Rig(.unix(path: String(repeating: "a", count: 200))) }
    }
}

@Suite("Text that no client reads") struct UnattendedTextTests {
    @Test("lines are shown when they are complete, however the text is cut")
    func lines() {
        var text = UnattendedText()
        var shown: [String] = []
        text.add(Array("one\ntw".utf8)) { shown.append($0) }
        #expect(shown == ["one"])
        text.add(Array("o\n\nthree".utf8)) { shown.append($0) }
        #expect(shown == ["one", "two", ""])
    }

    @Test("a flood of lines is cut to some hundred in a second")
    func flood() {
        var text = UnattendedText()
        var count = 0
        text.add([UInt8](repeating: UInt8(ascii: "\n"), count: 10_000)) { _ in count += 1 }
        #expect(count >= 200 && count < 1000)
    }
}
