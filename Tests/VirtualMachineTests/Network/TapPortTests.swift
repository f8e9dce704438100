import Foundation
import HostIO
import Synchronization
import TestSupport
import Testing

/// A tap interface is played by a datagram socket, which keeps frames apart as well.
@Suite("The guest's network on a tap interface")
struct TapPortTests {
    private final class Cable: Sendable {
        let link: HostLink
        private let peer: Mutex<CInt>
        let losses = Losses()

        final class Losses: Sendable {
            let all = Mutex<[String]>([])
        }

        init() throws {
            var ends: [CInt] = [-1, -1]
            try #require(socketpair(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
            let losses = losses
            link = try HostLink(tap: OwnedDescriptor(ends[0])) { why in losses.all.withLock { $0.append(why) } }
            peer = Mutex(ends[1])
        }

        deinit { cut() }

        /// Removes the interface.
        func cut() {
            peer.withLock { peer in
                if peer >= 0 { close(peer) }
                peer = -1
            }
        }

        func write(_ frame: [UInt8]) -> Bool {
            peer.withLock { send($0, frame, frame.count, CInt(MSG_NOSIGNAL)) == frame.count }
        }

        /// The next frame of the guest's; nil if there is none.
        func read() -> [UInt8]? {
            var buffer = [UInt8](repeating: 0, count: 70_000)
            let count = peer.withLock { recv($0, &buffer, buffer.count, CInt(MSG_DONTWAIT)) }
            return count < 0 ? nil : Array(buffer[..<count])
        }

        func received() -> [UInt8]? {
            var frame: [UInt8]?
            _ = Patience.eventually {
                frame = link.receive()
                return frame != nil
            }
            return frame
        }
    }

    private static func frame(_ count: Int, _ seed: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + seed) }
    }

    @Test("frames of every length go through whole, one for each read and write")
    func bothWays() throws {
        let cable = try Cable()
        for (index, count) in [14, 60, 1514, 9000, 65_553].enumerated() {
            let there = Self.frame(count, index)
            let back = Self.frame(count, 100 + index)
            #expect(cable.write(there))
            #expect(cable.received() == there)
            cable.link.send(back)
            #expect(cable.read() == back)
        }
        #expect(cable.link.counters == HostLink.Counters(received: 5, sent: 5, dropped: 0))
        #expect(cable.losses.all.withLock { $0 } == [])
    }

    @Test("what has not the length of a frame is dropped, and the interface stays")
    func badLengths() throws {
        let cable = try Cable()
        for count in [1, 13] {
            #expect(cable.write(Self.frame(count, 0)))
            cable.link.send(Self.frame(count, 0))
        }
        cable.link.send(Self.frame(65_554, 0))
        let good = Self.frame(64, 9)
        #expect(cable.write(good))
        #expect(cable.received() == good)
        #expect(cable.read() == nil)
        #expect(cable.link.counters == HostLink.Counters(received: 1, sent: 0, dropped: 3))
    }

    @Test("frames that the interface has no room for are dropped, and later ones go through")
    func noRoom() throws {
        let cable = try Cable()
        let total = 2000
        for index in 0..<total { cable.link.send(Self.frame(60, index)) }
        let counters = cable.link.counters
        #expect(counters.sent > 0 && counters.dropped > 0 && counters.sent + counters.dropped == total)
        for index in 0..<counters.sent { #expect(cable.read() == Self.frame(60, index)) }
        #expect(cable.read() == nil)
        cable.link.send(Self.frame(61, 1))
        #expect(cable.read() == Self.frame(61, 1))
        #expect(cable.losses.all.withLock { $0 } == [])
    }

    @Test("an interface that is removed is reported once, and frames are dropped afterwards")
    func removed() throws {
        let cable = try Cable()
        cable.cut()
        for _ in 0..<3 { cable.link.send(Self.frame(60, 0)) }
        #expect(cable.losses.all.withLock { $0 } == ["the interface no longer exists"])
        #expect(cable.link.counters == HostLink.Counters(received: 0, sent: 0, dropped: 3))
        #expect(cable.link.receive() == nil)
    }
}
