/// A number as `0x` and at least `digits` hexadecimal digits.
package func hex<T: FixedWidthInteger & UnsignedInteger>(_ value: T, digits: Int = 1) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}

/// A size with the largest binary unit that divides it, such as `2 MB`.
func sizeText(_ bytes: UInt64) -> String {
    var value = bytes
    var unit = 0
    while unit < 4 && value >= 1024 && value % 1024 == 0 {
        value /= 1024
        unit += 1
    }
    switch unit {
    case 0: return "\(value) bytes"
    case 1: return "\(value) KB"
    case 2: return "\(value) MB"
    case 3: return "\(value) GB"
    default: return "\(value) TB"
    }
}
