import Glibc

/// A file descriptor with one owner, closed when the owner goes.
package struct OwnedDescriptor: ~Copyable {
    package let raw: CInt

    package init(_ raw: CInt) {
        self.raw = raw
    }

    /// Makes calls that would wait come back instead, and keeps the descriptor from programs started later.
    func setNonblocking() {
        _ = fcntl(raw, F_SETFL, fcntl(raw, F_GETFL) | O_NONBLOCK)
        _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
    }

    /// Whether the other end of a connection has closed it, though what it sent before may not be read yet.
    var isHungUp: Bool { HangUp.isReported(by: raw) }

    deinit {
        close(raw)
    }
}

/// The end of a connection, seen without reading up to it.
package enum HangUp {
    /// POLLRDHUP of poll(2), which Glibc's module leaves out.
    private static let peerHasShutDown: Int16 = 0x2000

    package static func isReported(by raw: CInt) -> Bool {
        var request = pollfd(fd: raw, events: peerHasShutDown, revents: 0)
        return poll(&request, 1, 0) > 0 && request.revents & (peerHasShutDown | Int16(POLLHUP) | Int16(POLLERR)) != 0
    }
}

/// A failed call to the operating system: what was tried and the errno.
package struct HostError: Error, CustomStringConvertible {
    package var operation: String
    package var errno: CInt

    package init(_ operation: String, errno: CInt) {
        self.operation = operation
        self.errno = errno
    }

    package var description: String { "\(operation): \(HostError.text(errno))" }

    /// The C library's text for an errno, such as `Address already in use`.
    package static func text(_ errno: CInt) -> String {
        guard let text = strerror(errno) else { return "error \(errno)" }
        return String(cString: text)
    }
}

/// The errno of the call that has just failed.
package var lastErrno: CInt { errno }
