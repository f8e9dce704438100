import Platform
package import SystemPackage

/// A file descriptor with one owner, closed when the owner goes.
///
/// A `FileDescriptor` is a borrowed one: valid as long as its owner is.
package struct OwnedDescriptor: ~Copyable, Sendable {
    private let raw: CInt

    /// The descriptor, for a call or a poll while this owner exists.
    package var borrowed: FileDescriptor { FileDescriptor(rawValue: raw) }

    package init(_ raw: CInt) {
        self.raw = raw
    }

    /// Takes over the descriptor that a system call returns.
    init(_ call: () -> CInt) throws(Errno) {
        raw = try systemCall(call)
    }

    deinit {
        close(raw)
    }

    /// Opens a file; the descriptor is not inherited by programs started later.
    package static func open(
        _ path: FilePath, _ mode: FileDescriptor.AccessMode, options: FileDescriptor.OpenOptions = [],
        permissions: FilePermissions = []
    ) throws(Errno) -> OwnedDescriptor {
        try OwnedDescriptor {
            // SAFETY: open(2) reads a string that ends in a zero, during the call only.
            unsafe path.withPlatformString {
                unsafe Platform.open(
                    $0, mode.rawValue | options.union(.closeOnExec).rawValue, mode_t(permissions.rawValue))
            }
        }
    }

    /// Makes a pipe, whose ends are not inherited by programs started later.
    static func pipe() throws(Errno) -> DescriptorPair {
        var ends: [CInt] = [-1, -1]
        // SAFETY: pipe(2) writes two descriptors.
        try systemCall { unsafe Platform.pipe(&ends) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return DescriptorPair(first: OwnedDescriptor(ends[0]), second: OwnedDescriptor(ends[1]))
    }

    /// Makes calls that would wait return instead, and keeps the descriptor from programs started later.
    package func setNonblocking() {
        _ = fcntl(raw, F_SETFL, fcntl(raw, F_GETFL) | O_NONBLOCK)
        _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
    }

    /// Makes calls wait.
    func setBlocking() {
        _ = fcntl(raw, F_SETFL, fcntl(raw, F_GETFL) & ~O_NONBLOCK)
    }

    /// The kind, the size and the identity of the file.
    func status() throws(Errno) -> FileStatus {
        var status = stat()
        // SAFETY: fstat(2) writes one `stat`.
        try systemCall { unsafe fstat(raw, &status) }
        return FileStatus(status)
    }
}

/// Two descriptors made at once: the ends of a pipe, reading first, or of a pair of sockets.
package struct DescriptorPair: ~Copyable {
    package let first: OwnedDescriptor
    package let second: OwnedDescriptor
}

extension FileDescriptor.OpenOptions {
    /// O_NOCTTY of open(2): a terminal doesn't become the process's own.
    static let noControllingTerminal = FileDescriptor.OpenOptions(rawValue: O_NOCTTY)
}
