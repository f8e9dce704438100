import HostIO
import Testing
import VirtualMachine

@Suite("A connection's first bytes")
struct FirstPacketTests {
    static let rows: [(text: String, verdict: FirstPacket.Verdict)] = [
        ("", .undecided), ("+", .undecided), ("+++---", .undecided), ("\u{3}", .undecided), ("$", .undecided),
        ("$?#3", .undecided), ("+$qSupported:xmlRegisters=i386", .undecided),
        ("$?#3f", .debugger), ("+$?#3f", .debugger), ("\u{3}\u{3}-$?#3F", .debugger), ("$#00", .debugger),
        ("$?#00$?#3f", .debugger), ("$m1$?#3f", .debugger),
        ("?", .stranger), ("GET /$?#3f", .stranger), ("+GET", .stranger), ("\u{3}\u{0}", .stranger),
        ("$?#3g", .stranger), ("$?#zz", .stranger), ("$?#00x", .stranger), ("\n$?#3f", .stranger),
    ]

    @Test(
        "are a debugger's if a packet with its checksum is in them and nothing but acknowledgements before",
        arguments: rows)
    func verdict(text: String, verdict: FirstPacket.Verdict) {
        let bytes = Array(text.utf8)
        var whole = FirstPacket()
        #expect(whole.receive(bytes) == verdict)
        // However they are cut.
        var split = FirstPacket()
        var last = FirstPacket.Verdict.undecided
        for byte in bytes where last == .undecided { last = split.receive([byte]) }
        #expect(last == verdict)
    }

    @Test("go to the session as they came, but for a packet that was refused")
    func bytes() {
        var packet = FirstPacket()
        #expect(packet.receive(Array("+$?#00".utf8)) == .undecided)
        #expect(packet.refusals == 1)
        #expect(packet.receive(Array("+$?#3fvCont".utf8)) == .debugger)
        #expect(packet.bytes == Array("+$?#3fvCont".utf8))
    }

    @Test("are a stranger's when they exceed the limit without a packet")
    func limit() {
        var packet = FirstPacket()
        var verdicts: [FirstPacket.Verdict] = []
        #expect(packet.receive([UInt8(ascii: "$")]) == .undecided)
        for _ in 0..<100 { verdicts.append(packet.receive([UInt8](repeating: 0x61, count: 1024))) }
        #expect(verdicts.last == .stranger && verdicts.first == .undecided)
    }
}

@Suite("The user at the other end of a local connection")
struct PeerUserTests {
    /// As Linux prints them (net/ipv4/tcp_ipv4.c, get_tcp4_sock).
    private static let header =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"

    private static func line(_ local: String, _ remote: String, state: String, user: Int, inode: Int) -> String {
        "  12: \(local) \(remote) \(state) 00000000:00000000 00:00000000 00000000  \(user)        0 \(inode) 1 0000"
    }

    @Test("is the owner of the socket between the two addresses, and none once the socket is closed")
    func owner() {
        let (here, there) = ("0100007F:04D2", "0100007F:A1B2")
        func owner(_ line: String) -> UInt32? { PeerUser.owner(of: there, to: here, inLine: line) }
        #expect(owner(Self.header) == nil && owner("") == nil && owner("\n") == nil)
        #expect(owner(Self.line(there, here, state: "01", user: 1000, inode: 4711)) == 1000)
        #expect(owner(Self.line(there, here, state: "08", user: 0, inode: 4711)) == 0)
        // This end's own socket is in the table, too.
        #expect(owner(Self.line(here, there, state: "01", user: 1000, inode: 4711)) == nil)
        // TIME_WAIT, or closed by a process of any user: the kernel reports user 0.
        #expect(owner(Self.line(there, here, state: "06", user: 0, inode: 0)) == nil)
    }

    static let addresses: [(host: String, isLoopback: Bool, tcp: String?, tcp6: String)] = [
        ("127.0.0.1", true, "0100007F:04D2", "0000000000000000FFFF00000100007F:04D2"),
        ("127.1.2.3", true, "0302017F:04D2", "0000000000000000FFFF00000302017F:04D2"),
        ("0.0.0.0", false, "00000000:04D2", "0000000000000000FFFF000000000000:04D2"),
        ("::1", true, nil, "00000000000000000000000001000000:04D2"),
        ("::", false, nil, "00000000000000000000000000000000:04D2"),
        ("::ffff:127.0.0.1", true, "0100007F:04D2", "0000000000000000FFFF00000100007F:04D2"),
        ("fe80::1:2", false, nil, "000080FE000000000000000002000100:04D2"),
    ]

    @Test("is looked up by addresses as the kernel writes them", arguments: addresses)
    func tableText(host: String, isLoopback: Bool, tcp: String?, tcp6: String) throws {
        let address = try #require(SocketAddress(host: host, port: 1234))
        #expect(address.isLoopback == isLoopback)
        #expect(address.tableText(isIPv6: false) == tcp)
        #expect(address.tableText(isIPv6: true) == tcp6)
        #expect(DebugEndpoint("[\(host)]:1234")?.isOpenToOtherHosts == !isLoopback)
    }
}
