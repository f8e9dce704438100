#if canImport(Darwin)
import Platform
import SystemPackage

// Untested: nothing of the project is run on Darwin yet (Documentation/limits.md).

extension PeerUser {
    /// The user of the other end of a connection, as Darwin reports it.
    struct Lookup {
        /// getpeereid(3).
        func ofUnixSocket(_ socket: FileDescriptor) -> UInt32? {
            // SAFETY: getpeereid(3) writes one user and one group.
            var user = uid_t.max
            var group = gid_t.max
            return unsafe getpeereid(socket.rawValue, &user, &group) == 0 ? user : nil
        }

        /// Darwin doesn't name the owner of a TCP socket to other programs.
        func ofLoopback(local: SocketAddress, peer: SocketAddress) -> PeerUser { .unknown }
    }
}
#endif
