import Glibc

/// A descriptor that takes the console's output, without ever blocking a thread in write(2) where the host allows it.
final class ConsoleSink: Sendable {
    private let descriptor: OwnedDescriptor
    /// The most that one write takes without blocking, once poll(2) says that there is room.
    ///
    /// A pipe that stayed in blocking mode has room for PIPE_BUF bytes then (pipe(7)).
    private static let mostAtOnce = 4096
    /// The time in milliseconds after which a reader that takes nothing counts as stalled.
    private static let patience: CInt = 2

    /// Takes over a descriptor that doesn't block.
    init(_ descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor
    }

    /// Output to a descriptor that other programs share.
    ///
    /// A terminal or a pipe is opened a second time, because O_NONBLOCK belongs to the open file description, which is
    /// shared.
    init?(sharing raw: CInt) {
        var status = stat()
        guard fstat(raw, &status) == 0 else { return nil }
        var own: CInt = -1
        if status.st_mode & S_IFMT == S_IFIFO || isatty(raw) == 1 {
            own = open("/proc/self/fd/\(raw)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        }
        if own < 0 { own = fcntl(raw, F_DUPFD_CLOEXEC, 0) }
        guard own >= 0 else { return nil }
        descriptor = OwnedDescriptor(own)
    }

    /// Writes everything, however long the reader takes; `onStall` is called when it takes nothing for a while.
    ///
    /// Bytes that the host refuses (the reader has closed the pipe, the disk is full) are dropped.
    func write(_ bytes: [UInt8], onStall: () -> Void) {
        var rest = writeNow(bytes[...])
        while !rest.isEmpty {
            if !hasRoom(within: Self.patience) {
                onStall()
                _ = hasRoom(within: -1)
            }
            rest = writeNow(rest)
        }
    }

    /// Writes as much as the reader takes now; returns the rest.
    func writeNow(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while !rest.isEmpty, hasRoom(within: 0) {
            let written = rest.withUnsafeBytes { buffer in
                Glibc.write(descriptor.raw, buffer.baseAddress, min(buffer.count, Self.mostAtOnce))
            }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if lastErrno == EAGAIN {
                return rest
            } else if lastErrno != EINTR {
                return []
            }
        }
        return rest
    }

    private func hasRoom(within milliseconds: CInt) -> Bool {
        var request = pollfd(fd: descriptor.raw, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, milliseconds) > 0
    }
}
