import Platform
package import SystemPackage

// Sockets: none of them blocks, and none is inherited by programs started later.
extension OwnedDescriptor {
    /// A stream socket of an address family.
    static func streamSocket(family: CInt) throws(Errno) -> OwnedDescriptor {
        let socket = try OwnedDescriptor { Platform.socket(family, HostPlatform.streamSocket, 0) }
        socket.setNonblocking()
        return socket
    }

    /// Two connected Unix-domain stream sockets.
    package static func socketPair() throws(Errno) -> DescriptorPair {
        var ends: [CInt] = [-1, -1]
        // SAFETY: socketpair(2) writes two descriptors.
        try systemCall { unsafe socketpair(AF_UNIX, HostPlatform.streamSocket, 0, &ends) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return DescriptorPair(first: OwnedDescriptor(ends[0]), second: OwnedDescriptor(ends[1]))
    }

    /// A stream socket that is connected to a Unix-domain address.
    static func streamSocket(connectedTo address: SocketAddress) throws(Errno) -> OwnedDescriptor {
        let socket = try streamSocket(family: address.family)
        // SAFETY: connect(2) reads the address during the call only.
        try systemCall { unsafe address.withPointer { unsafe connect(socket.borrowed.rawValue, $0, $1) } }
        return socket
    }
}

extension FileDescriptor {
    /// Sets an option that is a number; false if this socket doesn't have it.
    @discardableResult
    package func setOption(_ level: CInt, _ name: CInt, _ value: CInt) -> Bool {
        var value = value
        // SAFETY: setsockopt(2) reads as many bytes as `value` has.
        return unsafe setsockopt(rawValue, level, name, &value, socklen_t(MemoryLayout<CInt>.size)) == 0
    }

    /// Sends replies at once instead of gathering them.
    ///
    /// No effect on a Unix-domain socket.
    func setNoDelay() {
        setOption(CInt(IPPROTO_TCP), TCP_NODELAY, 1)
    }

    /// Limits the output that waits in the kernel to be sent, in bytes.
    ///
    /// No effect on a Unix-domain socket.
    package func limitUnsent(to bytes: CInt) {
        setOption(CInt(IPPROTO_TCP), HostPlatform.notSentOption, bytes)
    }

    /// Writes once to a socket, without a SIGPIPE if the other end is gone; the number of bytes that were taken.
    func send(_ bytes: ArraySlice<UInt8>) throws(Errno) -> Int {
        try systemCall {
            // SAFETY: send(2) reads the bytes of the slice during the call only.
            unsafe bytes.withUnsafeBytes {
                unsafe Platform.send(rawValue, $0.baseAddress, $0.count, HostPlatform.withoutSignal)
            }
        }
    }

    /// Ends a connection in both directions, though the descriptor stays open.
    func shutDown() {
        _ = shutdown(rawValue, CInt(SHUT_RDWR))
    }
}
