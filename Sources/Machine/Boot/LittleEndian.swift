extension [UInt8] {
    /// The little-endian number at an offset of a file; nil if the file ends before it does.
    func littleEndian<Value: FixedWidthInteger>(at offset: UInt64, as _: Value.Type = Value.self) -> Value? {
        let size = MemoryLayout<Value>.size
        guard let first = Int(exactly: offset), first <= count - size else { return nil }
        return self[first..<first + size].reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }
}

extension FixedWidthInteger {
    /// As they are in a file or a device's registers.
    var littleEndianBytes: [UInt8] {
        (0..<bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
    }
}
