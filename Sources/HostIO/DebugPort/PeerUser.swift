import Glibc

/// The user at the other end of a connection within this host.
package enum PeerUser: Equatable, Sendable {
    /// The connection comes from another host, or to an address that other hosts reach.
    case remote
    case user(UInt32)
    /// The other end is on this host, but its user can't be found, because it has been closed or /proc hides it.
    case unknown

    /// Looks at a connection that has been accepted.
    static func of(_ raw: CInt, _ diagnosis: SocketDiagnosis?) -> PeerUser {
        guard let local = SocketAddress(of: raw, getsockname) else { return .unknown }
        if local.family == AF_UNIX { return ofUnixSocket(raw) }
        guard let peer = SocketAddress(of: raw, getpeername) else { return .unknown }
        guard local.isLoopback else { return .remote }
        if let owner = diagnosis?.owner(of: peer, connectedTo: local) {
            return owner.inode == 0 ? .unknown : .user(owner.user)
        }
        // An IPv6 socket may talk to an IPv4 address (RFC 4291, section 2.5.5.2).
        for (file, isIPv6) in [("/proc/net/tcp", false), ("/proc/net/tcp6", true)] {
            guard let from = peer.tableText(isIPv6: isIPv6), let to = local.tableText(isIPv6: isIPv6) else { continue }
            if let user = owner(of: from, to: to, inFile: file) { return .user(user) }
        }
        return .unknown
    }

    /// SO_PEERCRED, unix(7): process, user and group of the peer.
    private static func ofUnixSocket(_ raw: CInt) -> PeerUser {
        var credentials: (pid: pid_t, user: uid_t, group: gid_t) = (0, uid_t.max, gid_t.max)
        var length = socklen_t(12)
        guard getsockopt(raw, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0, length == 12 else {
            return .unknown
        }
        return .user(credentials.user)
    }

    private static func owner(of local: String, to remote: String, inFile path: String) -> UInt32? {
        guard let table = fopen(path, "re") else { return nil }
        defer { fclose(table) }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer -> UInt32? in
            guard let line = buffer.baseAddress else { return nil }
            while fgets(line, 512, table) != nil {
                if let user = owner(of: local, to: remote, inLine: String(cString: line)) { return user }
            }
            return nil
        }
    }

    /// The user of a socket between two addresses, if a line of /proc/net/tcp is about it (proc(5)).
    ///
    /// A socket that its process has closed has no inode, and shows user 0 for any owner: such a line is ignored.
    package static func owner(of local: String, to remote: String, inLine line: String) -> UInt32? {
        let fields = line.split(whereSeparator: \.isWhitespace)
        guard fields.count >= 10, fields[1] == local, fields[2] == remote, fields[9] != "0" else { return nil }
        return UInt32(fields[7])
    }
}

extension SocketAddress {
    /// One end of a connected socket; `getsockname` or `getpeername`.
    fileprivate init?(
        of raw: CInt, _ get: (CInt, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt
    ) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { get(raw, $0, &length) }
        }
        guard status == 0 else { return nil }
        self.init(storage, length: length)
    }

    /// The address's bytes in network order, and the port; none for a Unix-domain socket.
    var parts: (address: [UInt8], port: UInt16)? {
        withUnsafeBytes(of: storage) { bytes in
            let port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
            // The address follows the port (sockaddr_in), or the port and the flow label (sockaddr_in6).
            return switch family {
            case AF_INET: (Array(bytes[4..<8]), port)
            case AF_INET6: (Array(bytes[8..<24]), port)
            default: nil
            }
        }
    }

    private static let mappedPrefix: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]

    /// Only this host reaches it.
    package var isLoopback: Bool {
        guard let address = parts?.address else { return true }
        if address.count == 4 { return address[0] == 127 }
        if address.starts(with: Self.mappedPrefix) { return address[12] == 127 }
        return address == Array(repeating: 0, count: 15) + [1]
    }

    /// As /proc/net/tcp or tcp6 writes it: words of four bytes in the host's order, a colon, and the port.
    package func tableText(isIPv6: Bool) -> String? {
        guard let (bytes, port) = parts else { return nil }
        var address = bytes
        if isIPv6, address.count == 4 { address = Self.mappedPrefix + address }
        if !isIPv6, address.count == 16 {
            guard address.starts(with: Self.mappedPrefix) else { return nil }
            address = Array(address[12...])
        }
        let words = stride(from: 0, to: address.count, by: 4).map { start -> String in
            let word = address[start..<start + 4].withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
            return Self.hex(UInt64(word), digits: 8)
        }
        return words.joined() + ":" + Self.hex(UInt64(port), digits: 4)
    }

    private static func hex(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
