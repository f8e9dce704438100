/// The two codings of a packet's data: escapes and runs (GDB manual, "Overview" of the remote protocol).
///
/// `}` and a byte stand for that byte XOR 0x20. `*` and a byte n stand for n − 29 more of what came just before. GDB
/// undoes runs before escapes and LLDB both in one go, which differ for a run right behind an escape: encoding makes
/// none there, and decoding refuses it.
package enum PacketData {
    package enum Failure: Error, Equatable {
        case malformed
        case tooLong
    }

    private static let escape = UInt8(ascii: "}")
    private static let run = UInt8(ascii: "*")
    /// What is added to a count of repetitions to make it a printable character.
    private static let countOffset: UInt8 = 29
    private static let countRange: ClosedRange<UInt8> = 32...126

    /// The data that was meant, or why it can't be told; never longer than `maximumSize`.
    package static func decoded(_ data: [UInt8], maximumSize: Int) -> Result<[UInt8], Failure> {
        guard data.contains(where: { $0 == escape || $0 == run }) else { return .success(data) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(data.count)
        /// What a run would repeat; nil where there can be none.
        var previous: UInt8?
        var index = 0
        while index < data.count {
            let start = index
            while index < data.count, data[index] != escape, data[index] != run { index += 1 }
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

    /// Appends the data with escapes and runs, and returns the sum of what was appended.
    package static func append(encoded data: [UInt8], to output: inout [UInt8]) -> UInt8 {
        var sum: UInt8 = 0
        /// Where the bytes begin that go out as they are.
        var start = 0
        var index = 0
        while index < data.count {
            let byte = data[index]
            if needsEscape(byte) {
                output.append(contentsOf: data[start..<index])
                output.append(escape)
                output.append(byte ^ 0x20)
                sum &+= escape &+ (byte ^ 0x20)
                index += 1
                start = index
                continue
            }
            sum &+= byte
            index += 1
            guard index < data.count, data[index] == byte else { continue }
            var end = index + 1
            while end < data.count, data[end] == byte, end - index < longestRun { end += 1 }
            let count = repetitions(end - index)
            guard count > 0 else { continue }
            let character = UInt8(count) + countOffset
            output.append(contentsOf: data[start..<index])
            output.append(run)
            output.append(character)
            sum &+= run &+ character
            index += count
            start = index
        }
        output.append(contentsOf: data[start...])
        return sum
    }

    /// The most repetitions a run can say: its character must not be above `~`.
    private static let longestRun = Int(countRange.upperBound - countOffset)

    /// How many of the repetitions at hand one run may take; 0 if a run would not be shorter.
    ///
    /// The counts whose characters are `#`, `$`, `+` and `-` are not used: clients look for those before they
    /// look for runs.
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

    private static func needsEscape(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "#", "$", "}", "*": true
        default: false
        }
    }
}
