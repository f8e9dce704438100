import Foundation
import HostIO
import Synchronization
import TestSupport
import Testing
import VirtualMachine

@Suite("The host's end of the guest's network")
struct HostLinkTests {
    static let endpoints: [(String, NetworkEndpoint?)] = [
        ("passt", .passt), ("tap:tap0", .tap(name: "tap0")), ("unix:/tmp/x", .unix(path: "/tmp/x")),
        ("bogus", nil), ("", nil), ("passt:", nil), ("tap:", nil), ("tap:a/b", nil), ("tap:tap%d", nil),
        ("tap:..", nil),
        ("tap:a b", nil), ("tap:0123456789abcdef", nil), ("unix:", nil),
        ("unix:" + String(repeating: "a", count: 108), nil),
    ]

    @Test("--net takes its three kinds and nothing else", arguments: endpoints)
    func endpoint(text: String, expected: NetworkEndpoint?) {
        #expect(NetworkEndpoint(text) == expected)
    }

    /// A link, and the peer's end of its socket.
    private final class Cable: Sendable {
        let link: HostLink
        let peer: CInt
        let losses: Losses

        final class Losses: Sendable {
            let all = Mutex<[String]>([])
        }

        init() throws {
            var ends: [CInt] = [-1, -1]
            try #require(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
            let losses = Losses()
            link = try HostLink(socket: OwnedDescriptor(ends[0])) { line in losses.all.withLock { $0.append(line) } }
            peer = ends[1]
            self.losses = losses
        }

        deinit { close(peer) }

        func write(_ bytes: [UInt8]) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { send(peer, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }

        /// Reads that many bytes, or what comes within ten seconds.
        func read(_ count: Int) -> [UInt8] {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65536)
            var request = pollfd(fd: peer, events: Int16(POLLIN), revents: 0)
            while bytes.count < count, poll(&request, 1, 10_000) > 0 {
                let got = Foundation.read(peer, &chunk, min(chunk.count, count - bytes.count))
                guard got > 0 else { break }
                bytes += chunk[..<got]
            }
            return bytes
        }
    }

    private static func frame(_ number: Int, size: Int = 60) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: $0 < 8 ? number >> (8 * $0) : $0) }
    }

    private static func eventually(_ condition: () -> Bool) -> Bool { Patience.eventually(condition) }

    private static func received(_ link: HostLink) -> [UInt8]? {
        var frame: [UInt8]?
        _ = eventually {
            frame = link.receive()
            return frame != nil
        }
        return frame
    }

    @Test("frames go both ways, and what comes wakes the guest")
    func bothWays() throws {
        let cable = try Cable()
        let wakes = Cable.Losses()
        cable.link.onArrival { wakes.all.withLock { $0.append("") } }
        #expect(cable.link.receive() == nil)
        cable.link.send(Self.frame(1))
        #expect(cable.read(64) == [0, 0, 0, 60] + Self.frame(1))
        cable.write([0, 0])
        cable.write([0, 60] + Self.frame(2) + [0, 0, 0, 60] + Self.frame(3).prefix(10))
        #expect(Self.received(cable.link) == Self.frame(2))
        #expect(Self.eventually { wakes.all.withLock { $0.count } == 1 })
        cable.write(Array(Self.frame(3).dropFirst(10)))
        #expect(Self.received(cable.link) == Self.frame(3))
        #expect(cable.link.counters == HostLink.Counters(received: 2, sent: 1, dropped: 0))
    }

    @Test("a peer that doesn't read costs frames, never time, and every frame it gets is whole")
    func fullSocket() throws {
        let cable = try Cable()
        let begin = ContinuousClock.now
        let count = 3000
        for number in 0..<count { cable.link.send(Self.frame(number, size: 1514)) }
        #expect(ContinuousClock.now - begin < .seconds(5).withPatience)
        let counters = cable.link.counters
        #expect(counters.dropped > 0 && counters.sent > 0 && counters.sent + counters.dropped == count)
        for number in 0..<counters.sent {
            #expect(cable.read(1518) == [0, 0, 5, 0xEA] + Self.frame(number, size: 1514))
        }
        // The socket is empty again: nothing is left of what was dropped.
        cable.link.send(Self.frame(count))
        #expect(cable.read(64) == [0, 0, 0, 60] + Self.frame(count))
    }

    @Test("a guest that doesn't take frames makes the peer wait, and gets them in order in the end")
    func fullQueue() throws {
        let cable = try Cable()
        let count = 20_000
        let writer = Thread { for number in 0..<count { cable.write([0, 0, 0, 60] + Self.frame(number)) } }
        writer.start()
        #expect(Self.eventually { cable.link.counters.received >= 256 })
        usleep(50_000)
        #expect(cable.link.counters.received < count / 2)
        for number in 0..<count { try #require(Self.received(cable.link) == Self.frame(number)) }
        #expect(Self.eventually { writer.isFinished })
    }

    @Test("a peer that closes, or sends a length that no frame has, is reported once, and the guest continues")
    func loss() throws {
        for bytes: [UInt8] in [[], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0]] {
            let cable = try Cable()
            cable.write(bytes)
            if bytes.count < 4 { shutdown(cable.peer, CInt(SHUT_RDWR)) }
            #expect(Self.eventually { !cable.losses.all.withLock { $0.isEmpty } })
            for number in 0..<100 {
                cable.link.send(Self.frame(number))
                #expect(cable.link.receive() == nil)
            }
            #expect(cable.link.counters == HostLink.Counters(received: 0, sent: 0, dropped: 100))
            #expect(cable.losses.all.withLock { $0.count } == 1)
        }
    }

    @Test("any bytes from the peer, and any frames from the guest, are survived")
    func fuzzBothSides() throws {
        try fuzz("link") { random in
            let cable = try Cable()
            for _ in 0..<20 {
                let size = random.pick([0, 1, 13, 14, 1514, 65_553, 65_554, 200_000])
                if random.chance(30) { cable.link.send([UInt8](repeating: 1, count: size)) }
                cable.write((0..<random.below(300)).map { _ in random.chance(60) ? 0 : UInt8(random.below(256)) })
                _ = cable.link.receive()
            }
            if random.chance(50) { shutdown(cable.peer, CInt(SHUT_RDWR)) }
        }
    }

    @Test("a socket without a server and a tap interface that can't be opened are reported in one line")
    func refused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("none")
        let missing = #expect(throws: StartError.self) { try HostLink(.unix(path: path)) }
        #expect(missing?.subject == .network(.unix(path: path)) && missing?.reason.hasPrefix("No such file") == true)
        // The loopback interface is there, and no tap.
        let loopback = #expect(throws: StartError.self) { try HostLink(.tap(name: "lo")) }
        #expect(loopback?.subject == .network(.tap(name: "lo")) && loopback?.reason.isEmpty == false)
    }
}
