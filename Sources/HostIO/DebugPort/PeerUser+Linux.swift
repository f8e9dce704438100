#if os(Linux)
import Platform
import SystemPackage

extension PeerUser {
    /// The user of the other end of a connection, as Linux reports it.
    struct Lookup {
        private let diagnosis = SocketDiagnosis()

        /// SO_PEERCRED, unix(7): process, user and group of the peer.
        func ofUnixSocket(_ socket: FileDescriptor) -> UInt32? {
            // SAFETY: the three fields are laid out as `struct ucred`, and `length` is its size.
            var credentials: (pid: pid_t, user: uid_t, group: gid_t) = (0, uid_t.max, gid_t.max)
            var length = socklen_t(12)
            let status = unsafe getsockopt(socket.rawValue, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
            return status == 0 && length == 12 ? credentials.user : nil
        }

        /// The owner of the peer's socket, by sock_diag(7) or else by /proc/net/tcp.
        func ofLoopback(local: SocketAddress, peer: SocketAddress) -> PeerUser {
            if let owner = diagnosis?.owner(of: peer, connectedTo: local) {
                return owner.inode == 0 ? .unknown : .user(owner.user)
            }
            // An IPv6 socket may talk to an IPv4 address (RFC 4291, section 2.5.5.2).
            for (file, isIPv6) in [("/proc/net/tcp", false), ("/proc/net/tcp6", true)] {
                guard let from = peer.tableText(isIPv6: isIPv6), let to = local.tableText(isIPv6: isIPv6) else {
                    continue
                }
                if let user = PeerUser.owner(of: from, to: to, inFile: file) { return .user(user) }
            }
            return .unknown
        }
    }

    fileprivate static func owner(of local: String, to remote: String, inFile path: String) -> UInt32? {
        // SAFETY: the stream is open until the function returns; fgets(3) writes at most the 512 bytes of the buffer
        // and ends them with a zero.
        guard let table = unsafe fopen(path, "re") else { return nil }
        defer { unsafe fclose(table) }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer -> UInt32? in
            guard let line = buffer.baseAddress else { return nil }
            while unsafe fgets(line, 512, table) != nil {
                if let user = unsafe owner(of: local, to: remote, inLine: String(cString: line)) { return user }
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
            // SAFETY: the slice has four bytes.
            let word = unsafe address[start..<start + 4].withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt32.self) }
            return Self.hex(UInt64(word), digits: 8)
        }
        return words.joined() + ":" + Self.hex(UInt64(port), digits: 4)
    }

    private static func hex(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
#endif
