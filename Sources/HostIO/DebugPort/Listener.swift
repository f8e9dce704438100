import Platform
import SystemPackage

/// The file of a bound Unix-domain socket.
private struct SocketFile {
    private let path: String
    private let identity: FileStatus.Identity

    init?(_ path: String) {
        guard let status = FileStatus(path: path, followsLink: false) else { return nil }
        self.path = path
        identity = status.identity
    }

    /// Removes the file, unless another process has bound a socket at the path since.
    func remove() {
        guard let now = SocketFile(path), now.identity == identity else { return }
        // SAFETY: the call reads a string that ends in a zero.
        unsafe unlink(path)
    }
}

/// A listening socket; a Unix-domain one takes its file away when it goes.
package struct Listener: ~Copyable {
    private let socket: OwnedDescriptor
    private let file: SocketFile?
    /// The port really bound; 0 for a Unix-domain socket.
    let port: UInt16

    var descriptor: FileDescriptor { socket.borrowed }

    /// Binds and listens.
    ///
    /// A stale Unix-domain socket that no process serves is replaced; any other file there is an error.
    package init(_ address: SocketAddress, unixPath: String?, name: String) throws(HostError) {
        let socket = try attempt { () throws(Errno) in
            try OwnedDescriptor.streamSocket(family: address.family)
        } otherwise: {
            HostError("open a socket for \(name)", errno: $0)
        }
        if let unixPath { try Listener.removeStaleSocket(unixPath, address: address, name: name) }
        // SAFETY: bind(2) reads the address during the call only.
        let raw = socket.borrowed.rawValue
        socket.borrowed.setOption(SOL_SOCKET, SO_REUSEADDR, 1)
        do throws(Errno) {
            try systemCall { unsafe address.withPointer { unsafe bind(raw, $0, $1) } }
            try systemCall { listen(raw, 4) }
        } catch {
            throw HostError("listen on \(name)", errno: error)
        }
        port = SocketAddress(localEndOf: socket.borrowed)?.parts?.port ?? 0
        file = unixPath.flatMap { SocketFile($0) }
        self.socket = socket
    }

    deinit {
        file?.remove()
    }

    /// The next waiting client; the new descriptor doesn't block.
    func accept() throws(Errno) -> OwnedDescriptor {
        let accepted = try OwnedDescriptor { Platform.accept(descriptor.rawValue, nil, nil) }
        accepted.setNonblocking()
        accepted.borrowed.setNoDelay()
        return accepted
    }

    /// Removes a socket file that refuses connections: a remainder of a killed process.
    private static func removeStaleSocket(_ path: String, address: SocketAddress, name: String) throws(HostError) {
        guard let status = FileStatus(path: path, followsLink: false) else { return }
        guard status.kind == .socket else {
            throw HostError("listen on \(name): the file exists and is no socket", errno: Errno.fileExists)
        }
        do throws(Errno) {
            _ = try OwnedDescriptor.streamSocket(connectedTo: address)
        } catch .connectionRefused {
            // SAFETY: the call reads a string that ends in a zero.
            unsafe unlink(path)
            return
        } catch {}
        throw HostError("listen on \(name): another process serves it", errno: Errno.addressInUse)
    }
}
