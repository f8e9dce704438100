import Glibc

/// A file the user named, or its bytes where a test or another program has them already.
package struct InputFile: Sendable {
    /// As error messages name it.
    package var path: String
    private var bytes: [UInt8]?

    package init(path: String) {
        self.path = path
    }

    package init(name: String, bytes: [UInt8]) {
        path = name
        self.bytes = bytes
    }

    /// Reads the whole file.
    ///
    /// - Parameters:
    ///   - role: the use of the file, for an error.
    ///   - limit: the size from which on it is refused, unread.
    func load(role: InputRole, limit: UInt64) throws(MachineError) -> [UInt8] {
        if let bytes {
            guard UInt64(bytes.count) <= limit else { throw tooLarge(role, UInt64(bytes.count), limit) }
            return bytes
        }
        // NONBLOCK: opening a FIFO without a writer must not hang.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw unreadable(role, errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw unreadable(role, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .file(role, path: path, .notRegular)
        }
        guard UInt64(status.st_size) <= limit else { throw tooLarge(role, UInt64(status.st_size), limit) }
        return try read(file, count: Int(status.st_size), role: role)
    }

    private func read(_ file: Int32, count: Int, role: InputRole) throws(MachineError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = Glibc.read(file, buffer.baseAddress.map { $0 + filled }, count - filled)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                filled += got
            }
        }
        guard failure == 0 else { throw unreadable(role, failure) }
        return bytes
    }

    private func unreadable(_ role: InputRole, _ code: Int32) -> MachineError {
        .file(role, path: path, .unreadable(errno: code))
    }

    private func tooLarge(_ role: InputRole, _ size: UInt64, _ limit: UInt64) -> MachineError {
        .file(role, path: path, .tooLarge(size, limit: limit))
    }
}
