import Glibc

/// Whole files.
package enum HostFile {
    /// Opens a file for writing, created or emptied; it doesn't block.
    ///
    /// An error names `purpose` as what was tried. A FIFO that no process reads is refused instead of waited for
    /// (open(2), ENXIO).
    static func create(_ path: String, purpose: String) throws(HostError) -> OwnedDescriptor {
        let raw = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0o644)
        guard raw >= 0 else {
            let code = lastErrno
            let isFIFO = code == ENXIO && isFIFO(path)
            throw HostError(
                "\(purpose) \(path)" + (isFIFO ? ": no process reads this FIFO, start its reader first" : ""),
                errno: code)
        }
        return OwnedDescriptor(raw)
    }

    private static func isFIFO(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    /// Replaces a file's content.
    package static func write(_ bytes: [UInt8], to path: String) throws(HostError) {
        let file = try create(path, purpose: "write")
        // A FIFO's reader is waited for from now on; a signal ends that.
        _ = fcntl(file.raw, F_SETFL, fcntl(file.raw, F_GETFL) & ~O_NONBLOCK)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                Glibc.write(file.raw, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if count < 0 && lastErrno == EINTR { continue }
            guard count > 0 else { throw HostError("write \(path)", errno: lastErrno) }
            done += count
        }
    }

    /// The first 16 KiB of a file as text; nil if it can't be read.
    static func readSmall(_ path: String) -> String? {
        let raw = open(path, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { return nil }
        let file = OwnedDescriptor(raw)
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 16384) { buffer, initialized in
            count = read(file.raw, buffer.baseAddress, buffer.count)
            initialized = max(0, count)
        }
        return count < 0 ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
