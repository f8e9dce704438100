/// A number as addresses are written, `0x40000000`, with at least `digits` digits.
package func hexadecimal<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value, digits: Int = 1) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}

/// A size in the largest binary unit that divides it, such as `64 MiB`, or in bytes where none does: `1000 bytes`.
package func sizeInWords(_ bytes: UInt64) -> String {
    var value = bytes
    var unit = ""
    for larger in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 && value % 1024 == 0 {
        value /= 1024
        unit = larger
    }
    if unit.isEmpty { return bytes == 1 ? "1 byte" : "\(bytes) bytes" }
    return "\(value) \(unit)"
}
