import Glibc

/// The file of a bound Unix-domain socket.
private struct SocketFile {
    private let path: String
    private let device: dev_t
    private let inode: ino_t

    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.path = path
        device = status.st_dev
        inode = status.st_ino
    }

    /// Removes the file, unless another process has bound a socket at the path since.
    func remove() {
        guard let now = SocketFile(path), now.device == device, now.inode == inode else { return }
        unlink(path)
    }
}

/// A listening socket; a Unix-domain one takes its file away when it goes.
package struct Listener: ~Copyable {
    private let descriptor: OwnedDescriptor
    private let file: SocketFile?
    /// The port really bound; 0 for a Unix-domain socket.
    let port: UInt16

    var raw: CInt { descriptor.raw }

    /// Binds and listens.
    ///
    /// A stale Unix-domain socket that nobody serves is replaced; anything else there is an error.
    package init(_ address: SocketAddress, unixPath: String?, name: String) throws(HostError) {
        let raw = socket(address.family, CInt(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
        guard raw >= 0 else { throw HostError("open a socket for \(name)", errno: lastErrno) }
        let descriptor = OwnedDescriptor(raw)
        if let unixPath { try Listener.removeStaleSocket(unixPath, address: address, name: name) }
        var one: CInt = 1
        setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<CInt>.size))
        guard address.withPointer({ bind(raw, $0, $1) }) == 0 else {
            throw HostError("listen on \(name)", errno: lastErrno)
        }
        guard listen(raw, 4) == 0 else { throw HostError("listen on \(name)", errno: lastErrno) }
        self.port = Listener.boundPort(raw)
        file = unixPath.flatMap { SocketFile($0) }
        self.descriptor = descriptor
    }

    deinit {
        file?.remove()
    }

    /// The next waiting client, or nil, with the reason in errno; the new descriptor doesn't block.
    func accept() -> OwnedDescriptor? {
        let raw = Glibc.accept(descriptor.raw, nil, nil)
        guard raw >= 0 else { return nil }
        let accepted = OwnedDescriptor(raw)
        accepted.setNonblocking()
        var one: CInt = 1
        // Fails harmlessly on a Unix-domain socket.
        setsockopt(raw, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
        return accepted
    }

    private static func boundPort(_ raw: CInt) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer -> UInt16 in
            let status = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(raw, $0, &length) }
            guard status == 0, CInt(pointer.pointee.ss_family) != AF_UNIX else { return 0 }
            // The port is at the same place in both families, behind the family.
            return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                UInt16(bigEndian: $0.pointee.sin_port)
            }
        }
    }

    /// Removes a socket file that refuses connections: what a killed process left behind.
    private static func removeStaleSocket(_ path: String, address: SocketAddress, name: String) throws(HostError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw HostError("listen on \(name): the file exists and is no socket", errno: EEXIST)
        }
        let probe = OwnedDescriptor(socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0))
        guard address.withPointer({ connect(probe.raw, $0, $1) }) != 0, lastErrno == ECONNREFUSED else {
            throw HostError("listen on \(name): another process serves it", errno: EADDRINUSE)
        }
        unlink(path)
    }
}
