/// A number as addresses are written: `0x40000000`.
package func hexadecimal(_ value: UInt64) -> String {
    "0x" + String(value, radix: 16)
}

/// A size as a person says it: `64 MiB`, or `1000 bytes` where no unit divides it.
package func sizeInWords(_ bytes: UInt64) -> String {
    let units: [(shift: UInt64, name: String)] = [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")]
    for unit in units where bytes >> unit.shift > 0 && bytes & ((1 << unit.shift) - 1) == 0 {
        return "\(bytes >> unit.shift) \(unit.name)"
    }
    return bytes == 1 ? "1 byte" : "\(bytes) bytes"
}
