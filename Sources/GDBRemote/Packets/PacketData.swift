/// The two encodings of a packet's data: escapes and runs (GDB manual, "Overview" of the remote protocol).
///
/// `}` and a byte stand for that byte XOR 0x20, in both directions. `*` and a byte n stand for n − 29 more copies of
/// the preceding byte, in replies only: in requests `*` is data and need not be escaped. GDB decodes runs before
/// escapes, and LLDB decodes both in one pass; the results differ for a run right after an escape. Encoding therefore
/// never places a run there, and decoding rejects one.
package enum PacketData {
    /// The reasons why data cannot be decoded.
    package enum Failure: Error, Equatable {
        /// An escape or a run is incomplete, or a run has nothing to repeat.
        case malformed
        /// The decoded data would exceed the maximum size.
        case tooLong
    }

    private static let escape = UInt8(ascii: "}")
    private static let run = UInt8(ascii: "*")
    /// The number added to a count of repetitions to make it a printable character.
    private static let countOffset: UInt8 = 29
    private static let countRange: ClosedRange<UInt8> = 32...126

    /// Decodes a packet's data.
    ///
    /// Decoded data of more than `maximumSize` bytes fails as `tooLong`. Data without escapes and runs is returned
    /// unchanged, in any size.
    ///
    /// - Parameter undoesRuns: whether `*` begins a run, as in replies. In requests it is data.
    package static func decoded(
        _ data: [UInt8], maximumSize: Int, undoesRuns: Bool = false
    ) -> Result<[UInt8], Failure> {
        guard data.contains(where: { $0 == escape || undoesRuns && $0 == run }) else { return .success(data) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(data.count)
        /// The byte that a run would repeat; nil where a run is not allowed.
        var previous: UInt8?
        var index = 0
        while index < data.count {
            let start = index
            while index < data.count, data[index] != escape, !undoesRuns || data[index] != run { index += 1 }
            if index > start {
                decoded.append(contentsOf: data[start..<index])
                previous = data[index - 1]
            }
            guard index < data.count else { break }
            guard index + 1 < data.count else { return .failure(.malformed) }
            let argument = data[index + 1]
            if data[index] == escape {
                decoded.append(argument ^ 0x20)
                previous = nil
            } else {
                guard let previous, countRange.contains(argument) else { return .failure(.malformed) }
                decoded.append(contentsOf: repeatElement(previous, count: Int(argument - countOffset)))
            }
            index += 2
            guard decoded.count <= maximumSize else { return .failure(.tooLong) }
        }
        return decoded.count <= maximumSize ? .success(decoded) : .failure(.tooLong)
    }

    /// Appends the data with escapes and runs, and returns the checksum of the bytes appended.
    ///
    /// Replies to large memory reads are encoded here, so bytes that need no change are skipped eight at a time and
    /// copied in one piece.
    ///
    /// - Parameter encodesRuns: whether repeated bytes are sent as runs. Some clients do not decode runs in every
    ///   reply.
    package static func append(encoded data: [UInt8], to output: inout [UInt8], encodesRuns: Bool = true) -> UInt8 {
        let begin = output.count
        output.reserveCapacity(begin + data.count + data.count / 32)
        // SAFETY: the buffer is used only inside the closure; each part that is rebased ends at an index below its
        // count.
        unsafe data.withUnsafeBufferPointer { data in
            /// The index of the first byte that has not been appended yet.
            var start = 0
            var index = 0
            while true {
                index = unsafe skipPlain(UnsafeRawBufferPointer(data), from: index)
                guard index < data.count else { break }
                let byte = unsafe data[index]
                if needsEscape(byte) {
                    unsafe output.append(contentsOf: UnsafeBufferPointer(rebasing: data[start..<index]))
                    output.append(escape)
                    output.append(byte ^ 0x20)
                    index += 1
                    start = index
                    continue
                }
                index += 1
                guard encodesRuns, index < data.count, unsafe data[index] == byte else { continue }
                var end = index + 1
                while end < data.count, unsafe data[end] == byte, end - index < longestRun { end += 1 }
                let count = repetitions(end - index)
                guard count > 0 else { continue }
                unsafe output.append(contentsOf: UnsafeBufferPointer(rebasing: data[start..<index]))
                output.append(run)
                output.append(UInt8(count) + countOffset)
                index += count
                start = index
            }
            unsafe output.append(contentsOf: UnsafeBufferPointer(rebasing: data[start...]))
        }
        let encoded = output.span
        var sum: UInt8 = 0
        for index in begin..<encoded.count { sum &+= encoded[index] }
        return sum
    }

    /// Skips bytes that need no escape and differ from the byte after them, eight at a time.
    ///
    /// The bytes at the returned index may be of this kind too; the caller checks them one by one.
    private static func skipPlain(_ bytes: UnsafeRawBufferPointer, from index: Int) -> Int {
        var index = index
        while index + 9 <= bytes.count {
            // SAFETY: at least nine bytes are left, so both words lie within the buffer; every pattern of bits is a
            // UInt64.
            let word = UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let next = UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: index + 1, as: UInt64.self))
            let found =
                zeroBytes(word ^ everyByte * 0x23) | zeroBytes(word ^ everyByte * 0x24)
                | zeroBytes(word ^ everyByte * UInt64(escape)) | zeroBytes(word ^ everyByte * UInt64(run))
                | zeroBytes(word ^ next)
            guard found == 0 else { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        return index
    }

    private static let everyByte: UInt64 = 0x0101_0101_0101_0101

    /// The top bit of each byte that is zero.
    ///
    /// A byte above the lowest zero byte may be marked wrongly.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- everyByte) & ~word & (everyByte << 7)
    }

    /// The most repetitions that one run can encode: the count's character must not be above `~`.
    private static let longestRun = Int(countRange.upperBound - countOffset)

    /// The number of the available repetitions that one run encodes; 0 if a run would not be shorter.
    ///
    /// Counts whose characters are `#`, `$`, `+` and `-` are not used, because clients interpret these characters
    /// before they decode runs.
    private static func repetitions(_ available: Int) -> Int {
        var count = min(available, longestRun)
        while count >= 3 {
            switch Unicode.Scalar(UInt8(count) + countOffset) {
            case "#", "$", "+", "-": count -= 1
            default: return count
            }
        }
        return 0
    }

    /// Whether the byte must be escaped: `#` and `$`, whose codes are adjacent, `}` and `*`.
    @inline(__always)
    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte &- 0x23 < 2 || byte == escape || byte == run
    }
}
