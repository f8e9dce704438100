public import GuestAddresses

extension Paging {
    /// A range of linear addresses that one entry decides about, or that are not canonical.
    public struct Span: Hashable, Sendable {
        public var first: VirtualAddress
        /// The last address, which is part of it.
        public var last: VirtualAddress
        /// Where `first` leads; nil for a hole.
        public var translation: Translation?
    }

    /// The span an address lies in.
    ///
    /// The spans from 0 on cover all addresses, each beginning where the one before it ended.
    ///
    /// - Parameter read: reads 8 bytes at an aligned physical address, little-endian; nil aborts the walk.
    public func span(of address: VirtualAddress, read: (PhysicalAddress) -> UInt64?) -> Span {
        do throws(TranslationFault) {
            var translation = try walk(address, read: read)
            // Without paging all addresses there are lead to themselves.
            let bits = mode == .off ? mode.linearBits : translation.pageBits
            let first = address.alignedDown(to: 1 << UInt64(bits))
            translation.physicalAddress = translation.physicalAddress - (address - first)
            return Span(first: first, last: first + Self.mask(bits), translation: translation)
        } catch {
            guard error.kind == .notCanonical else {
                let bits = mode.indexBits(level: error.level).lowerBound
                let first = address.alignedDown(to: 1 << UInt64(bits))
                return Span(first: first, last: first + Self.mask(bits), translation: nil)
            }
            let bits = mode.linearBits
            guard bits > 32 else { return Span(first: 0x1_0000_0000, last: .max, translation: nil) }
            let half = Self.mask(bits - 1)
            return Span(first: VirtualAddress(half + 1), last: VirtualAddress(~half - 1), translation: nil)
        }
    }

    private static func mask(_ bits: Int) -> UInt64 { (1 << UInt64(bits)) - 1 }
}
