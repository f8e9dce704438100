extension Paging {
    /// A range of linear addresses that one entry decides about, or that are not canonical.
    public struct Span: Hashable, Sendable {
        public var first: UInt64
        /// The last address, which is part of it.
        public var last: UInt64
        /// Where `first` leads; nil for a hole.
        public var translation: Translation?
    }

    /// The span an address lies in.
    ///
    /// The spans from 0 on cover all addresses, each beginning where the one before it ended.
    ///
    /// - Parameter read: reads 8 bytes at an aligned physical address, little-endian; nil aborts the walk.
    public func span(of address: UInt64, read: (UInt64) -> UInt64?) -> Span {
        do throws(TranslationFault) {
            var translation = try walk(address, read: read)
            // Without paging all addresses there are lead to themselves.
            let bits = mode == .off ? mode.linearBits : translation.pageBits
            let offset = address & Self.mask(bits)
            translation.physicalAddress -= offset
            return Span(first: address - offset, last: address | Self.mask(bits), translation: translation)
        } catch {
            guard error.kind == .notCanonical else {
                let mask = Self.mask(mode.indexBits(level: error.level).lowerBound)
                return Span(first: address & ~mask, last: address | mask, translation: nil)
            }
            let bits = mode.linearBits
            guard bits > 32 else { return Span(first: 1 << 32, last: .max, translation: nil) }
            return Span(first: Self.mask(bits - 1) + 1, last: ~Self.mask(bits - 1) - 1, translation: nil)
        }
    }

    private static func mask(_ bits: Int) -> UInt64 { (1 << UInt64(bits)) - 1 }
}
