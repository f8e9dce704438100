import Execution
import Foundation
import GDBStub
import HostIO
import SystemPackage
import TestSupport
import Testing
import VirtualMachine

/// A debugger's connection, driven by hand in place of the event loop.
@Suite("A debugger's connection")
struct DebugClientTests {
    /// A session over a machine that is held, and the debugger's end of its socket.
    private final class Rig {
        private var client: DebugClient
        let peer: OwnedDescriptor
        private let guest: Guest

        init() throws {
            guest = try Guest("b .")
            var ends: [CInt] = [-1, -1]
            try #require(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
            let socket = OwnedDescriptor(ends[0])
            peer = OwnedDescriptor(ends[1])
            socket.setNonblocking()
            peer.setNonblocking()
            let session = DebugSession(
                target: guest.machine.debugTarget, initialStop: StopEvent(.paused, vcpu: 0), name: "test", version: "1")
            client = DebugClient(ClientAdmission.Candidate(socket), session: session)
        }

        func send(_ text: String) throws {
            try peer.borrowed.writeAll(Array(text.utf8))
        }

        /// Handles what has been received, and sends the replies as far as the debugger takes them.
        func work() -> Bool {
            repeat {
                if client.hasWork { client.session.continueWork() }
                repeat {
                    guard client.send() else { return false }
                } while client.takeOutput()
            } while client.hasWork
            return true
        }

        var hasWork: Bool { client.hasWork }
        var hasUnsent: Bool { client.hasUnsent }
        var takesInput: Bool { client.takesInput }
        var hasLeft: Bool { client.hasLeft }
        var isClosed: Bool { client.isClosed }
        var hasJustBeenAnswered: Bool { client.hasJustBeenAnswered() }

        func receive() -> Bool { client.receive() }
        func sendRest() -> Bool { client.send() }

        /// Ends the session; whether it lets the machine go.
        func close() -> Bool {
            client.close()
            return client.session.takeActions().contains { if case .detach = $0 { true } else { false } }
        }

        func read() throws -> String { String(decoding: try peer.borrowed.read(upTo: 1 << 16), as: UTF8.self) }
    }

    @Test("a packet that comes in pieces is answered once, when it is complete")
    func pieces() throws {
        let rig = try Rig()
        try rig.send("+$qAtt")
        #expect(rig.receive())
        #expect(rig.work())
        #expect(throws: Errno.resourceTemporarilyUnavailable) { try rig.read() }
        #expect(!rig.hasJustBeenAnswered)
        try rig.send("ached#8f")
        #expect(rig.receive())
        #expect(rig.work())
        #expect(try rig.read() == "+$1#31")
        #expect(rig.hasJustBeenAnswered)
        #expect(!rig.hasJustBeenAnswered)
        // Nothing more to read is no end.
        #expect(rig.receive())
    }

    @Test("a client that reads nothing is no longer read from at 64 KiB, and continues from there once it reads")
    func backPressure() throws {
        let rig = try Rig()
        let request = "$m0,700#" + Self.sum("m0,700")
        var sent = 0
        while !rig.hasUnsent {
            try rig.send(request)
            sent += 1
            #expect(rig.receive())
            #expect(rig.work())
            try #require(sent < 10_000)
        }
        // Packets are read while output waits, so that Ctrl-C gets through, but none is handled.
        var readAhead = 0
        while rig.takesInput {
            try rig.send(request)
            sent += 1
            readAhead += request.utf8.count
            #expect(rig.receive())
            #expect(!rig.hasWork)
            try #require(readAhead < 1 << 17)
        }
        #expect(readAhead >= 1 << 16)

        var replies = 0
        _ = Patience.eventually {
            if let text = try? rig.read() { replies += text.filter { $0 == "$" }.count }
            _ = rig.sendRest() && rig.work()
            return replies == sent
        }
        #expect(replies == sent)
        #expect(rig.takesInput && !rig.hasUnsent)
    }

    @Test("the end of the connection is seen before what was sent is read, and closes the session")
    func end() throws {
        let rig = try Rig()
        #expect(!rig.hasLeft)
        try rig.send("$?#3f")
        _ = shutdown(rig.peer.borrowed.rawValue, CInt(SHUT_WR))
        #expect(rig.hasLeft)
        #expect(rig.receive())
        #expect(!rig.receive())
        #expect(rig.close(), "the machine is let go")
        #expect(rig.isClosed && rig.hasLeft && !rig.hasUnsent)
        #expect(!rig.receive())
    }

    private static func sum(_ packet: String) -> String {
        let sum = packet.utf8.reduce(UInt8(0), &+)
        return (sum < 16 ? "0" : "") + String(sum, radix: 16)
    }
}
