import Foundation

/// A client of the remote protocol that says exactly what a test wants said, for corners no debugger goes to.
package final class RSPClient {
    private var socket: CInt
    private var received: [UInt8] = []
    /// Notifications that have not been read yet.
    private var notifications: [String] = []
    private var knownNumbers: [String: Int]?
    /// Whether packets are still acknowledged.
    package var acknowledges = true

    /// Connects to `host:port` or the path of a Unix socket.
    package init(_ endpoint: String) throws {
        if endpoint.contains("/") {
            let path = endpoint.hasPrefix("unix:") ? String(endpoint.dropFirst(5)) : endpoint
            socket = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
            try connect(address, to: endpoint)
        } else {
            socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            let parts = endpoint.split(separator: ":")
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = (parts.last.flatMap { UInt16($0) } ?? 0).bigEndian
            address.sin_addr.s_addr = inet_addr(String(parts.first ?? ""))
            try connect(address, to: endpoint)
        }
    }

    private func connect<Address>(_ address: Address, to endpoint: String) throws {
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(socket, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else {
            let reason = String(cString: strerror(errno))
            close()
            throw ProcessError("\(endpoint): \(reason)")
        }
        var one: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close() }

    /// Leaves without a word, as a client that is killed.
    package func close() {
        if socket >= 0 { _ = Foundation.close(socket) }
        socket = -1
    }

    /// Leaves with a reset (RST), as a client whose host is gone.
    package func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }
}

extension RSPClient {
    /// Sends bytes as they are.
    package func send(raw bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw ProcessError("send: \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
    }

    /// Frames and sends a packet; does not wait for anything.
    package func send(_ packet: String) throws {
        let sum = packet.utf8.reduce(UInt8(0)) { $0 &+ $1 }
        try send(raw: Array("$\(packet)#".utf8) + Self.hex([sum]).utf8)
    }

    /// Sends a packet and returns the reply to it.
    package func ask(_ packet: String, limit: Duration = .seconds(10)) throws -> String {
        try send(packet)
        return try reply(limit: limit)
    }

    /// Says what GDB says first; the features it asks for are what makes some stubs answer `p`.
    package func introduce() throws {
        _ = try ask("qSupported:multiprocess-;swbreak+;hwbreak+;vContSupported+")
        _ = try ask("qXfer:features:read:target.xml:0,7fb")
    }

    /// Says what GDB says first, and returns the whole of target.xml.
    package func targetDescription() throws -> String {
        try introduce()
        var text = ""
        while true {
            let part = try ask("qXfer:features:read:target.xml:\(String(text.utf8.count, radix: 16)),1000")
            text += part.dropFirst()
            guard part.hasPrefix("m") else { return text }
        }
    }

    /// The numbers of the registers of the description, by name.
    ///
    /// A register without one follows the register before it (GDB manual, "Target Description Format").
    package func registerNumbers() throws -> [String: Int] {
        if let knownNumbers { return knownNumbers }
        var numbers: [String: Int] = [:]
        var next = 0
        for register in try targetDescription().matches(of: /<reg name="([^"]*)"([^>]*)/) {
            let number = register.2.firstMatch(of: /regnum="(\d+)"/).flatMap { Int($0.1) } ?? next
            numbers[String(register.1)] = number
            next = number + 1
        }
        knownNumbers = numbers
        return numbers
    }

    /// Runs a command of GDB's `monitor` and returns what it prints, an error's text included.
    @discardableResult
    package func monitor(_ line: String) throws -> String {
        var text: [UInt8] = []
        var reply = try ask("qRcmd," + Self.hex(Array(line.utf8)))
        while reply.hasPrefix("O") && reply != "OK" {
            text += Self.bytes(hex: String(reply.dropFirst()))
            reply = try self.reply()
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A register of the selected vCPU by its number.
    package func register(_ number: Int) throws -> UInt64 {
        let reply = try ask("p" + String(number, radix: 16))
        guard reply.count >= 8, !reply.hasPrefix("E") else { throw ProcessError("register \(number): \(reply)") }
        return Self.number(hex: reply)
    }

    /// A register by its name in the description.
    package func register(_ name: String) throws -> UInt64 {
        guard let number = try registerNumbers()[name] else { throw ProcessError("there is no register \(name)") }
        return try register(number)
    }

    /// Writes a register of 64 bits by its name in the description; the reply.
    package func write(_ value: UInt64, toRegister name: String) throws -> String {
        guard let number = try registerNumbers()[name] else { throw ProcessError("there is no register \(name)") }
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
        return try ask("P\(String(number, radix: 16))=\(Self.hex(bytes))")
    }

    /// The program counter, register 32 of the core feature.
    package func programCounter() throws -> UInt64 { try register(32) }

    /// The next packet from the other side, acknowledged; acknowledgements on the way are passed over.
    package func reply(limit: Duration = .seconds(10)) throws -> String {
        let deadline = ContinuousClock.now + limit.withPatience
        while true {
            takeNotifications()
            if let start = received.firstIndex(of: UInt8(ascii: "$")),
                let end = received[start...].firstIndex(of: UInt8(ascii: "#")), received.count >= end + 3
            {
                let body = received[(start + 1)..<end]
                received.removeSubrange(..<(end + 3))
                // After its last reply the other side may be gone.
                if acknowledges { try? send(raw: [UInt8(ascii: "+")]) }
                return Self.expanded(body)
            }
            guard let bytes = try readSome(until: deadline) else {
                throw ProcessError("no reply within \(limit); received: \(String(decoding: received, as: UTF8.self))")
            }
            guard !bytes.isEmpty else { throw ProcessError("the other side closed the connection") }
            received += bytes
        }
    }

    /// The next notification, without its `%`; replies that come meanwhile are kept.
    package func notification(limit: Duration = .seconds(10)) throws -> String {
        let deadline = ContinuousClock.now + limit.withPatience
        while true {
            takeNotifications()
            if !notifications.isEmpty { return notifications.removeFirst() }
            guard let bytes = try readSome(until: deadline) else {
                throw ProcessError("no notification within \(limit)")
            }
            guard !bytes.isEmpty else { throw ProcessError("the other side closed the connection") }
            received += bytes
        }
    }

    /// Whether nothing is notified within the time.
    package func hearsNothing(for duration: Duration) throws -> Bool {
        let deadline = ContinuousClock.now + duration
        while let bytes = try readSome(until: deadline), !bytes.isEmpty { received += bytes }
        takeNotifications()
        return notifications.isEmpty
    }

    /// Puts aside the notifications in front of the next reply.
    private func takeNotifications() {
        while let start = received.firstIndex(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "$") }),
            received[start] == UInt8(ascii: "%"),
            let end = received[start...].firstIndex(of: UInt8(ascii: "#")), received.count >= end + 3
        {
            notifications.append(Self.expanded(received[(start + 1)..<end]))
            received.removeSubrange(start..<(end + 3))
        }
    }

    /// The next bytes as they come, empty when the other side has closed the connection, nil when the limit passes.
    package func rawBytes(limit: Duration) throws -> [UInt8]? {
        if !received.isEmpty {
            defer { received = [] }
            return received
        }
        return try readSome(until: .now + limit.withPatience)
    }

    /// Whether the other side closes the connection within the limit, whatever it says before.
    package func isClosed(within limit: Duration) -> Bool {
        let deadline = ContinuousClock.now + limit.withPatience
        while true {
            do {
                guard let bytes = try readSome(until: deadline) else { return false }
                if bytes.isEmpty { return true }
            } catch {
                return true
            }
        }
    }

    private func readSome(until deadline: ContinuousClock.Instant) throws -> [UInt8]? {
        while true {
            let left = deadline - ContinuousClock.now
            guard left > .zero else { return nil }
            var poll = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            let milliseconds =
                left.components.seconds * 1000 + 1 + left.components.attoseconds / 1_000_000_000_000_000
            guard Foundation.poll(&poll, 1, Int32(clamping: milliseconds)) > 0 else { continue }
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
            guard count >= 0 else { throw ProcessError("recv: \(String(cString: strerror(errno)))") }
            return Array(buffer[..<count])
        }
    }

    /// Undoes the run-length encoding and the escapes of a packet.
    private static func expanded(_ body: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        var bytes = body.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "}"): result.append((bytes.next() ?? 0) ^ 0x20)
            case UInt8(ascii: "*"):
                let count = Int(bytes.next() ?? 29) - 29
                if let last = result.last, count > 0 { result += Array(repeating: last, count: count) }
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    package static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The bytes of a hex text, most of a reply to `m` or `p`.
    package static func bytes(hex: String) -> [UInt8] {
        let digits = hex.utf8.map { UInt8(strtoul(String(UnicodeScalar($0)), nil, 16)) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// A number whose bytes come least significant first, as registers do.
    package static func number(hex: String) -> UInt64 {
        bytes(hex: hex).prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
