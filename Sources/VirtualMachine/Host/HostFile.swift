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
