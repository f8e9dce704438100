import Platform
import SystemPackage

/// Where the stub listens: what `--gdb` names.
package enum DebugEndpoint: Equatable, Sendable {
    /// A numeric IPv4 or IPv6 address and a port; port 0 lets the system choose.
    case tcp(host: String, port: UInt16)
    case unix(path: String)
    /// Standard input and output.
    case pipe

    /// Reads `PORT`, `HOST:PORT`, `[HOST]:PORT`, `unix:PATH` or `-`; nil if it is none of these.
    ///
    /// A port alone means the loopback address: any other one must be named.
    package init?(_ text: String) {
        if text == "-" {
            self = .pipe
            return
        }
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty, path.utf8.count < DebugEndpoint.longestUnixPath else { return nil }
            self = .unix(path: path)
            return
        }
        var host = "127.0.0.1"
        var portText = Substring(text)
        if let colon = text.lastIndex(of: ":") {
            host = String(text[..<colon])
            portText = text[text.index(after: colon)...]
            if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
            if host == "localhost" { host = "127.0.0.1" }
        }
        guard !portText.isEmpty, portText.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(portText),
            SocketAddress(host: host, port: port) != nil
        else { return nil }
        self = .tcp(host: host, port: port)
    }

    /// Whether other hosts may be able to connect: the address is not the loopback interface's.
    package var isOpenToOtherHosts: Bool {
        guard case .tcp(let host, let port) = self else { return false }
        return SocketAddress(host: host, port: port)?.isLoopback == false
    }

    /// The size of `sun_path`, its closing NUL included.
    package static let longestUnixPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path)
}

/// An address for `bind` and `connect`, of whatever family.
package struct SocketAddress {
    private(set) var storage = sockaddr_storage()
    private(set) var length: socklen_t

    /// A numeric IPv4 or IPv6 address; nil if `host` is neither.
    package init?(host: String, port: UInt16) {
        var v4 = sockaddr_in()
        var v6 = sockaddr_in6()
        // SAFETY: inet_pton(3) writes one address of the family, for which the field has room.
        if unsafe inet_pton(AF_INET, host, &v4.sin_addr) == 1 {
            v4.sin_family = sa_family_t(AF_INET)
            v4.sin_port = port.bigEndian
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            copy(from: &v4)
        } else if unsafe inet_pton(AF_INET6, host, &v6.sin6_addr) == 1 {
            v6.sin6_family = sa_family_t(AF_INET6)
            v6.sin6_port = port.bigEndian
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            copy(from: &v6)
        } else {
            return nil
        }
    }

    /// A Unix-domain path; nil if it is too long.
    package init?(path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count < DebugEndpoint.longestUnixPath else { return nil }
        // SAFETY: `bytes` has fewer bytes than `sun_path`.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
        copy(from: &address)
    }

    private mutating func copy<Address>(from address: inout Address) {
        // SAFETY: `length` is the size of an `Address`, and a `sockaddr_storage` has room for each kind of address.
        let count = Int(length)
        unsafe withUnsafeMutableBytes(of: &storage) { target in
            unsafe withUnsafeBytes(of: &address) {
                unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count]))
            }
        }
    }

    package var family: CInt { CInt(storage.ss_family) }

    /// The end of a connected or bound socket that is here; nil if the descriptor is no socket.
    init?(localEndOf socket: FileDescriptor) {
        // SAFETY: getsockname(2) writes at most `length` bytes.
        unsafe self.init(of: socket, getsockname)
    }

    /// The other end of a connected socket.
    init?(peerOf socket: FileDescriptor) {
        // SAFETY: getpeername(2) writes at most `length` bytes.
        unsafe self.init(of: socket, getpeername)
    }

    private init?(
        of socket: FileDescriptor,
        _ get: (CInt, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt
    ) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // SAFETY: `sockaddr_storage` begins as `sockaddr` does (POSIX, <sys/socket.h>), and `length` is its size.
        let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe get(socket.rawValue, $0, &length)
            }
        }
        guard status == 0 else { return nil }
        self.storage = storage
        self.length = length
    }

    /// Hands the address to a call that wants a `sockaddr`.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        // SAFETY: `sockaddr_storage` begins as `sockaddr` does (POSIX, <sys/socket.h>); the pointer is valid during
        // `body`.
        unsafe withUnsafePointer(to: storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }
}
