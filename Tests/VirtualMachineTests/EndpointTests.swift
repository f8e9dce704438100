import HostIO
import Testing
import VirtualMachine

@Suite("Where the stub and the console are")
struct EndpointTests {
    static let endpoints: [(String, DebugEndpoint?)] = [
        ("1234", .tcp(host: "127.0.0.1", port: 1234)),
        ("0", .tcp(host: "127.0.0.1", port: 0)),
        ("localhost:1", .tcp(host: "127.0.0.1", port: 1)),
        ("0.0.0.0:65535", .tcp(host: "0.0.0.0", port: 65535)),
        ("[::1]:7", .tcp(host: "::1", port: 7)),
        ("unix:/tmp/x", .unix(path: "/tmp/x")),
        ("-", .pipe),
        ("", nil), ("65536", nil), ("-1", nil), ("+1", nil), ("1x", nil), (":1", nil), ("host:1", nil),
        ("1.2.3.4:", nil),
        ("unix:", nil), ("unix:" + String(repeating: "a", count: 108), nil),
    ]

    @Test("--gdb takes a port, a numeric address, a Unix path or a pipe, and nothing else", arguments: endpoints)
    func debugEndpoint(text: String, expected: DebugEndpoint?) {
        #expect(DebugEndpoint(text) == expected)
    }

    static let consoles: [(String, ConsoleEndpoint?)] = [
        ("stdio", .stdio), ("none", ConsoleEndpoint.none), ("file:out", .file(path: "out")),
        ("unix:s", .unix(path: "s")),
        ("file:", nil), ("unix:", nil), ("tcp:1", nil), ("", nil),
    ]

    @Test("--serial takes its four kinds and nothing else", arguments: consoles)
    func console(text: String, expected: ConsoleEndpoint?) {
        #expect(ConsoleEndpoint(text) == expected)
    }
}

@Suite("Ctrl-A at the terminal")
struct EscapeKeyTests {
    static let rows: [(typed: [UInt8], forGuest: [UInt8], command: EscapeKey.Command?)] = [
        (Array("ls\r".utf8), Array("ls\r".utf8), nil),
        ([1, 0x78, 0x79], [], .quit),
        ([0x61, 1, 0x58], [0x61], .quit),
        ([1, 1, 0x62], [1, 0x62], nil),
        ([1, 0x63, 0x64], [0x64], nil),
    ]

    @Test("the guest gets everything but commands, however the bytes arrive", arguments: rows)
    func filter(typed: [UInt8], forGuest: [UInt8], command: EscapeKey.Command?) {
        for split in 0...typed.count {
            var key = EscapeKey()
            let first = key.filter(Array(typed[..<split]))
            var second: (forGuest: [UInt8], command: EscapeKey.Command?) = ([], nil)
            if first.command == nil { second = key.filter(Array(typed[split...])) }
            #expect(first.forGuest + second.forGuest == forGuest)
            #expect(first.command ?? second.command == command)
        }
    }
}
