extension FixedWidthInteger {
    /// The number whose little-endian bytes these are.
    ///
    /// Missing high bytes are zero, and bytes above the number's width are ignored.
    @inlinable
    package init(littleEndianBytes bytes: some BidirectionalCollection<UInt8>) {
        self = bytes.reversed().reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
    }

    /// The bytes of the number, the least significant first.
    @inlinable
    package var littleEndianBytes: [UInt8] { littleEndianBytes(count: Self.bitWidth / 8) }

    /// The `count` lowest bytes of the number, the least significant first; bytes above its width are zero if it is
    /// unsigned.
    @inlinable
    package func littleEndianBytes(count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
    }
}

extension [UInt8] {
    /// The little-endian number at an offset of a file; nil if the file ends before it does.
    @inlinable
    package func littleEndian<Value: FixedWidthInteger>(at offset: UInt64, as _: Value.Type = Value.self) -> Value? {
        let size = Value.bitWidth / 8
        guard let first = Int(exactly: offset), first <= count - size else { return nil }
        return Value(littleEndianBytes: self[first..<first + size])
    }
}
