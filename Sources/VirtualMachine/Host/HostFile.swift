import Glibc

/// Whole files.
enum HostFile {
    /// Replaces a file's content.
    static func write(_ bytes: [UInt8], to path: String) throws(HostError) {
        let raw = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard raw >= 0 else { throw HostError("write \(path)", errno: lastErrno) }
        let file = OwnedDescriptor(raw)
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
}
