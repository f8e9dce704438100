import ByteOrder

/// Unpacks gzip files, the usual form of distributed kernels.
///
/// RFC 1952, "GZIP file format specification". Only the first member is unpacked; data after it, which is mostly
/// padding, is ignored.
package enum Gunzip {
    /// The reason why a file cannot be unpacked.
    package enum Failure: Error, Equatable, Sendable {
        /// The file ends too early.
        case truncated
        /// The data is invalid; the text names the fault.
        case damaged(String)
        /// The unpacked data would be larger than allowed.
        case tooLarge
    }

    static func matches(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x1F, 0x8B])
    }

    /// Unpacks a file and checks its size and checksum.
    ///
    /// - Parameter limit: The most bytes to unpack. Throws ``Failure/tooLarge`` beyond it, whatever size the file
    ///   claims.
    package static func unpack(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        var inflater = Inflater(bytes, from: try headerSize(bytes), limit: limit)
        try inflater.run()
        let trailer = UInt64(inflater.byteOffset)
        guard let sum: UInt32 = bytes.littleEndian(at: trailer), let size: UInt32 = bytes.littleEndian(at: trailer + 4)
        else { throw .truncated }
        guard size == UInt32(truncatingIfNeeded: inflater.output.count) else { throw .damaged("wrong size") }
        guard sum == CRC32.of(inflater.output) else { throw .damaged("wrong checksum") }
        return inflater.output
    }

    /// Returns the first unpacked bytes: at least 64 KiB, or all if there are fewer.
    static func beginning(of bytes: [UInt8]) throws(Failure) -> [UInt8] {
        // A stored block has up to 64 KiB and is unpacked as a whole or not at all.
        var inflater = Inflater(bytes, from: try headerSize(bytes), limit: 2 << 16)
        do throws(Failure) {
            try inflater.run()
        } catch {
            guard error == .tooLarge else { throw error }
        }
        return inflater.output
    }

    private static func headerSize(_ bytes: [UInt8]) throws(Failure) -> Int {
        guard bytes.count >= 10 else { throw .truncated }
        guard matches(bytes), bytes[2] == 8 else { throw .damaged("unknown compression method") }
        let flags = bytes[3]
        var offset = 10
        // FEXTRA: a 16-bit length and the bytes it counts.
        if flags & 4 != 0 {
            guard let length: UInt16 = bytes.littleEndian(at: 10) else { throw .truncated }
            offset += 2 + Int(length)
        }
        // FNAME and FCOMMENT: zero-terminated.
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard offset < bytes.count, let zero = bytes[offset...].firstIndex(of: 0) else { throw .truncated }
            offset = zero + 1
        }
        // FHCRC: a 16-bit checksum of the header.
        if flags & 2 != 0 { offset += 2 }
        guard offset < bytes.count else { throw .truncated }
        return offset
    }
}

/// The checksum of gzip: RFC 1952, section 8.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 != 0 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }
}
