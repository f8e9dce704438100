/// Conversion between bytes and hex digits, the form of most of the protocol's data.
public enum Hex {
    /// The lowercase digit for a value of 0 to 15.
    ///
    /// GDB expects lowercase.
    @inline(__always)
    static func digit(_ value: UInt8) -> UInt8 {
        // 39 is the distance from the character after "9" to "a".
        value &+ 0x30 &+ ((value &+ 6) >> 4) &* 39
    }

    /// The value of a hexadecimal digit in either case; nil for any other character.
    @inline(__always)
    static func value(ofDigit digit: UInt8) -> UInt8? {
        let decimal = digit &- UInt8(ascii: "0")
        if decimal < 10 { return decimal }
        let letter = (digit | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : nil
    }

    /// Appends two hex digits for each byte.
    public static func append(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
        var position = text.count
        text.append(contentsOf: repeatElement(0, count: 2 * bytes.count))
        for byte in bytes {
            text[position] = digit(byte >> 4)
            text[position + 1] = digit(byte & 0xf)
            position += 2
        }
    }

    /// Appends a number in hex without leading zeros.
    public static func append(number: UInt64, to text: inout [UInt8]) {
        var shift = max(0, 60 - number.leadingZeroBitCount / 4 * 4)
        while shift >= 0 {
            text.append(digit(UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 0xf))
            shift -= 4
        }
    }

    /// The bytes that pairs of hex digits encode; nil if the count is odd or a character is not a digit.
    public static func decode(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count % 2 == 0 else { return nil }
        let values = self.values
        var bytes = [UInt8](repeating: 0, count: digits.count / 2)
        var invalid: UInt8 = 0
        var index = digits.startIndex
        for position in bytes.indices {
            let high = values[Int(digits[index])]
            let low = values[Int(digits[index + 1])]
            invalid |= high | low
            bytes[position] = high << 4 | low & 0xf
            index += 2
        }
        return invalid < 0x10 ? bytes : nil
    }

    /// The value of each character as a hexadecimal digit; 0xff for any other character.
    private static let values: [UInt8] = (0...255).map { value(ofDigit: UInt8($0)) ?? 0xff }
}
