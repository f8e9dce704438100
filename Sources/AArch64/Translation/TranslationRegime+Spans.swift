/// A stretch of the virtual address space that one descriptor, or the lack of one, decides about.
public struct TranslationSpan: Hashable, Sendable {
    public var first: UInt64
    /// The last address, which is part of it.
    public var last: UInt64
    /// Where `first` leads; nil where nothing is mapped.
    public var translation: Translation?

    public init(first: UInt64, last: UInt64, translation: Translation?) {
        self.first = first
        self.last = last
        self.translation = translation
    }
}

extension TranslationRegime {
    /// The span an address lies in; the spans of all addresses cover all 64 bits without overlap.
    ///
    /// An address with a tag is no second name here: what lies between the two halves is a hole, whatever TBI says.
    /// - Parameter read: reads the 8 bytes of a descriptor at a physical address, little-endian; nil where no memory is.
    public func span(of address: UInt64, read: (UInt64) -> UInt64?) -> TranslationSpan {
        guard isEnabled else { return flatSpan(of: address) }
        let lowerLast = UInt64.mask(Int(lower.inputBits))
        let upperFirst = ~UInt64.mask(Int(upper.inputBits))
        let isUpper = address >= upperFirst
        guard isUpper || address <= lowerLast else {
            return TranslationSpan(first: lowerLast &+ 1, last: upperFirst &- 1, translation: nil)
        }
        let table = isUpper ? upper : lower
        let half = isUpper ? upperFirst...UInt64.max : 0...lowerLast
        guard !table.isDisabled else {
            return TranslationSpan(first: half.lowerBound, last: half.upperBound, translation: nil)
        }
        do throws(TranslationFault) {
            let found = try walk(address, read: read)
            let offset = UInt64.mask(Int(found.blockBits))
            var start = found
            start.physicalAddress &= ~offset
            return TranslationSpan(first: address & ~offset, last: address | offset, translation: start)
        } catch {
            let granule = Int(table.granuleBits)
            let bits = granule + (granule - 3) * (3 - Int(error.level))
            guard bits < Int(table.inputBits) else {
                return TranslationSpan(first: half.lowerBound, last: half.upperBound, translation: nil)
            }
            let offset = UInt64.mask(bits)
            return TranslationSpan(first: address & ~offset, last: address | offset, translation: nil)
        }
    }

    /// With the MMU off all physical addresses are one span, and there is nothing above them.
    private func flatSpan(of address: UInt64) -> TranslationSpan {
        let last = UInt64.mask(physicalAddressBits)
        guard address <= last else { return TranslationSpan(first: last &+ 1, last: .max, translation: nil) }
        let translation = Translation(
            physicalAddress: 0, blockBits: UInt8(physicalAddressBits), level: 0, base: .none,
            permissions: .unrestricted, attributes: .deviceNGnRnE)
        return TranslationSpan(first: 0, last: last, translation: translation)
    }
}
