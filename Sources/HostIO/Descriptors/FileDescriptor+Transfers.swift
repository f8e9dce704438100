import Platform
package import SystemPackage

// The one read and the one write of the project: a signal repeats them, and the errno is thrown.
extension FileDescriptor {
    /// Reads once, up to `count` bytes; empty at the end of the file or connection.
    package func read(upTo count: Int) throws(Errno) -> [UInt8] {
        var failure: Errno?
        // SAFETY: read(2) writes at most `count` bytes into the buffer, and `filled` is the number that it wrote; 0
        // after an error.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(Errno) {
                filled = try systemCall { unsafe Platform.read(rawValue, buffer.baseAddress, buffer.count) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads until there are `count` bytes, or the file ends.
    func readAll(upTo count: Int) throws(Errno) -> [UInt8] {
        var bytes = try read(upTo: count)
        while bytes.count < count {
            let more = try read(upTo: count - bytes.count)
            guard !more.isEmpty else { break }
            bytes += more
        }
        return bytes
    }

    /// Writes once; the number of bytes that were taken.
    package func write(_ bytes: ArraySlice<UInt8>) throws(Errno) -> Int {
        // SAFETY: write(2) reads the bytes of the slice during the call only.
        try systemCall { unsafe bytes.withUnsafeBytes { unsafe Platform.write(rawValue, $0.baseAddress, $0.count) } }
    }

    /// Writes everything, for as long as it takes.
    package func writeAll(_ bytes: [UInt8]) throws(Errno) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try write(rest)
            // A file that takes nothing without an error would be tried for ever.
            guard count > 0 else { throw .ioError }
            rest = rest.dropFirst(count)
        }
    }
}
