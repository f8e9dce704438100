public import GuestAddresses

/// A stretch of the virtual address space that one descriptor, or the lack of one, decides about.
public struct TranslationSpan: Hashable, Sendable {
    /// The first address.
    public var first: VirtualAddress
    /// The last address, which is part of it.
    public var last: VirtualAddress
    /// Where `first` leads; nil where nothing is mapped.
    public var translation: Translation?

    public init(first: VirtualAddress, last: VirtualAddress, translation: Translation?) {
        self.first = first
        self.last = last
        self.translation = translation
    }
}

extension TranslationRegime {
    /// The span an address lies in; the spans of all addresses cover all 64 bits without overlap.
    ///
    /// An address with a tag is no second name here: what lies between the two halves is a hole, whatever TBI says.
    /// - Parameter read: reads the 8 bytes of a descriptor at a physical address, little-endian; nil where no memory
    ///   is.
    public func span(of address: VirtualAddress, read: (PhysicalAddress) -> UInt64?) -> TranslationSpan {
        guard isEnabled else { return flatSpan(of: address) }
        let lowerLast = VirtualAddress(UInt64.mask(Int(lower.inputBits)))
        let upperFirst = VirtualAddress(~UInt64.mask(Int(upper.inputBits)))
        let isUpper = address >= upperFirst
        guard isUpper || address <= lowerLast else {
            return TranslationSpan(first: lowerLast + 1, last: upperFirst - 1, translation: nil)
        }
        let table = isUpper ? upper : lower
        let half = isUpper ? upperFirst ... .max : 0...lowerLast
        guard !table.isDisabled else {
            return TranslationSpan(first: half.lowerBound, last: half.upperBound, translation: nil)
        }
        do throws(TranslationFault) {
            let found = try walk(address, read: read)
            let size: UInt64 = 1 &<< UInt64(found.blockBits)
            var start = found
            start.physicalAddress = found.physicalAddress.alignedDown(to: size)
            return Self.span(of: address, size: size, start)
        } catch {
            let granule = Int(table.granuleBits)
            let bits = granule + (granule - 3) * (3 - Int(error.level))
            guard bits < Int(table.inputBits) else {
                return TranslationSpan(first: half.lowerBound, last: half.upperBound, translation: nil)
            }
            return Self.span(of: address, size: 1 &<< UInt64(bits), nil)
        }
    }

    /// The span of `size` bytes, a power of two, around an address.
    private static func span(of address: VirtualAddress, size: UInt64, _ translation: Translation?) -> TranslationSpan {
        let first = address.alignedDown(to: size)
        return TranslationSpan(first: first, last: first + (size - 1), translation: translation)
    }

    /// With the MMU off all physical addresses are one span, and there is nothing above them.
    private func flatSpan(of address: VirtualAddress) -> TranslationSpan {
        let last = VirtualAddress(UInt64.mask(physicalAddressBits))
        guard address <= last else { return TranslationSpan(first: last + 1, last: .max, translation: nil) }
        let translation = Translation(
            physicalAddress: 0, blockBits: UInt8(physicalAddressBits), level: 0, base: .none,
            permissions: .unrestricted, attributes: .deviceNGnRnE)
        return TranslationSpan(first: 0, last: last, translation: translation)
    }
}
