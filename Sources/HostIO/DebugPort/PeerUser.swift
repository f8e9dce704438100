import Platform
import SystemPackage

/// The user at the other end of a connection within this host.
package enum PeerUser: Equatable, Sendable {
    /// The connection comes from another host, or to an address that other hosts reach.
    case remote
    case user(UInt32)
    /// The other end is on this host, but its user can't be found, because it has been closed or the host hides it.
    case unknown
}

extension PeerUser.Lookup {
    /// Looks at a connection that has been accepted.
    func user(of socket: FileDescriptor) -> PeerUser {
        guard let local = SocketAddress(localEndOf: socket) else { return .unknown }
        if local.family == AF_UNIX { return ofUnixSocket(socket).map { .user($0) } ?? .unknown }
        guard let peer = SocketAddress(peerOf: socket) else { return .unknown }
        guard local.isLoopback else { return .remote }
        return ofLoopback(local: local, peer: peer)
    }
}

extension SocketAddress {
    /// The address's bytes in network order, and the port; none for a Unix-domain socket.
    var parts: (address: [UInt8], port: UInt16)? {
        // SAFETY: a `sockaddr_storage` has more than 24 bytes, and the buffer is not kept.
        unsafe withUnsafeBytes(of: storage) { bytes in
            let port = unsafe UInt16(bytes[2]) << 8 | UInt16(bytes[3])
            // The address follows the port (sockaddr_in), or the port and the flow label (sockaddr_in6).
            return switch family {
            case AF_INET: unsafe (Array(bytes[4..<8]), port)
            case AF_INET6: unsafe (Array(bytes[8..<24]), port)
            default: nil
            }
        }
    }

    static let mappedPrefix: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]

    /// Only this host reaches it.
    package var isLoopback: Bool {
        guard let address = parts?.address else { return true }
        if address.count == 4 { return address[0] == 127 }
        if address.starts(with: Self.mappedPrefix) { return address[12] == 127 }
        return address == Array(repeating: 0, count: 15) + [1]
    }
}
