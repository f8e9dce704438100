import Foundation
import HostIO
import Synchronization
import TestSupport
import Testing
import VirtualMachine

/// The event loop in this process, with clients of its debug port and console.
@Suite("The event loop")
struct EventLoopTests {
    /// Prints `A` on the UART and powers off.
    private static let printing: [UInt32] = [
        0xD2A1_2000,  // movz x0, #0x900, lsl #16: the UART
        0x5280_0821,  // mov w1, #'A'
        0x3900_0001,  // strb w1, [x0]
        0xD280_0100,  // movz x0, #8
        0xF2B0_8000,  // movk x0, #0x8400, lsl #16: PSCI SYSTEM_OFF
        0xD400_0002,  // hvc #0
    ]
    private static let endless: [UInt32] = [
        0x9100_04A5,  // add x5, x5, #1
        0x17FF_FFFF,  // b to the first
    ]

    /// A machine that is served on a thread of its own.
    private final class Server: Sendable {
        private let folder: TemporaryFolder
        private let thread: HostThread
        private let outcome: Outcome

        final class Outcome: Sendable {
            let end = Mutex<Result<EventLoop.End, any Error>?>(nil)
            let refusals = Mutex<[ClientRefusal]>([])
        }

        var endpoint: String { folder.file("gdb") }
        var end: EventLoop.End? { outcome.end.withLock { try? $0?.get() } }
        var output: [UInt8]? { FileManager.default.contents(atPath: folder.file("console")).map { Array($0) } }

        /// - Parameter folder: where the file `console` is or will be.
        init(_ program: [UInt32], waitsForDebugger: Bool, folder: TemporaryFolder? = nil) throws {
            let folder = try folder ?? TemporaryFolder()
            let outcome = Outcome()
            self.folder = folder
            self.outcome = outcome
            let bytes = program.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
            let firmware = try folder.write(bytes, to: "firmware")
            let (console, gdb) = (folder.file("console"), folder.file("gdb"))
            thread = try HostThread(named: "event-loop") {
                let result = Result {
                    var configuration = VirtualMachineConfiguration()
                    configuration.firmware = firmware
                    configuration.memorySize = 16 << 20
                    let console = try Console(.file(path: console))
                    let machine = try VirtualMachine(configuration, consoleSink: console.sink)
                    var loop = try EventLoop(machine, console: console, endpoint: .unix(path: gdb)) { refusal in
                        outcome.refusals.withLock { $0.append(refusal) }
                    }
                    return loop.run(waitsForDebugger: waitsForDebugger, watchesSignals: false)
                }
                outcome.end.withLock { $0 = result }
            }
        }

        /// A debugger, as soon as the port is open.
        func connect() throws -> RSPClient {
            var client: RSPClient?
            _ = Patience.eventually {
                client = try? RSPClient(endpoint)
                return client != nil
            }
            return try #require(client)
        }

        /// The reason why the loop ended; nil if it hasn't after a generous time.
        func finish() -> EventLoop.End? {
            guard Patience.eventually({ outcome.end.withLock { $0 != nil } }) else { return nil }
            thread.join()
            return end
        }

        func refusals() -> [ClientRefusal] { outcome.refusals.withLock { $0 } }
    }

    @Test("a guest that is held runs once its debugger detaches, and all its output is written before the end")
    func heldGuest() throws {
        let server = try Server(Self.printing, waitsForDebugger: true)
        let client = try server.connect()
        #expect(try client.ask("?").hasPrefix("T"))
        #expect(try client.register("pc") == 0)
        #expect(server.end == nil && server.output == [])
        #expect(try client.ask("D") == "OK")
        #expect(server.finish() == .finished(status: 0))
        #expect(server.output == [UInt8(ascii: "A")])
    }

    @Test("a guest that isn't held runs without a debugger, to its end")
    func freeGuest() throws {
        let server = try Server(Self.printing, waitsForDebugger: false)
        #expect(server.finish() == .finished(status: 0))
        #expect(server.output == [UInt8(ascii: "A")])
        // The socket's file is gone with the port.
        #expect(!FileManager.default.fileExists(atPath: server.endpoint))
    }

    @Test("a machine whose guest has ended waits for a reader that is slow to take all of its output")
    func slowReader() throws {
        let count = 100_000
        let program: [UInt32] =
            [
                0xD2A1_2000,  // movz x0, #0x900, lsl #16: the UART
                0x5280_0821,  // mov w1, #'A'
                0xD290_D402,  // movz x2, #0x86a0
                0xF2A0_0022,  // movk x2, #1, lsl #16: count
                0x3900_0001,  // print: strb w1, [x0]
                0xF100_0442,  // subs x2, x2, #1
                0x54FF_FFC1,  // b.ne print
            ] + Self.printing.suffix(3)
        let folder = try TemporaryFolder()
        let path = folder.file("console")
        try #require(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        let server = try Server(program, waitsForDebugger: false, folder: folder)
        // More than a pipe and the console's queue take before the guest has to wait.
        usleep(300_000)
        #expect(server.end == nil)
        var buffer = [UInt8](repeating: 0, count: 4096)
        var received = 0
        _ = Patience.eventually {
            received += max(0, read(reader, &buffer, buffer.count))
            return received == count
        }
        #expect(received == count)
        #expect(server.finish() == .finished(status: 0))
        #expect(read(reader, &buffer, buffer.count) == 0)
    }

    @Test("a debugger stops a running guest, continues it, stops it by Ctrl-C and ends it")
    func interrupt() throws {
        let server = try Server(Self.endless, waitsForDebugger: false)
        let client = try server.connect()
        #expect(try client.ask("?").hasPrefix("T"))
        let before = try client.register("x5")
        try client.send("c")
        usleep(20_000)
        try client.send(raw: [3])
        #expect(try client.reply().hasPrefix("T02"))
        #expect(try client.register("x5") > before)
        try client.send("k")
        #expect(server.finish() == .finished(status: 0))
    }

    @Test("the guest's end is reported to its debugger")
    func reportedEnd() throws {
        let server = try Server(Self.printing, waitsForDebugger: true)
        let client = try server.connect()
        #expect(try client.ask("?").hasPrefix("T"))
        #expect(try client.ask("c") == "W00")
        #expect(server.finish() == .finished(status: 0))
    }

    @Test("a second debugger is refused; the guest runs when the first is lost, and the next one is served")
    func successors() throws {
        let server = try Server(Self.endless, waitsForDebugger: true)
        let first = try server.connect()
        #expect(try first.ask("?").hasPrefix("T"))
        let second = try server.connect()
        #expect(throws: (any Error).self) { try second.ask("?") }
        #expect(try first.register("x5") == 0)
        first.close()

        let third = try server.connect()
        #expect(try third.ask("?").hasPrefix("T"))
        #expect(try third.register("x5") > 0)
        try third.send("k")
        #expect(server.finish() == .finished(status: 0))
        #expect(server.refusals() == [])
    }

    @Test("a connection that is no debugger's is closed and reported, and the held guest stays where it is")
    func stranger() throws {
        let server = try Server(Self.endless, waitsForDebugger: true)
        let stranger = try server.connect()
        try stranger.send(raw: Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(Patience.eventually { server.refusals() == [.noDebugger] })
        let client = try server.connect()
        #expect(try client.ask("?").hasPrefix("T"))
        #expect(try client.register("pc") == 0)
        try client.send("k")
        #expect(server.finish() == .finished(status: 0))
    }
}
