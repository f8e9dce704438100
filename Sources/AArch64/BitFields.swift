/// Access to the bits of an integer.
///
/// A field that the Arm ARM writes as `x<11:10>` is `x[bits: 10...11]`.
extension FixedWidthInteger {
    /// The field at the given bits, shifted down to bit 0; bits of a new value that do not fit are ignored.
    @inlinable
    subscript(bits range: ClosedRange<Int>) -> Self {
        get { (self &>> Self(truncatingIfNeeded: range.lowerBound)) & Self.mask(range.count) }
        set {
            let mask = Self.mask(range.count) &<< Self(truncatingIfNeeded: range.lowerBound)
            self = (self & ~mask) | ((newValue &<< Self(truncatingIfNeeded: range.lowerBound)) & mask)
        }
    }

    /// The bit at the given index.
    @inlinable
    subscript(bit index: Int) -> Bool {
        get { (self &>> Self(truncatingIfNeeded: index)) & 1 != 0 }
        set {
            let mask: Self = 1 &<< Self(truncatingIfNeeded: index)
            self = newValue ? self | mask : self & ~mask
        }
    }

    /// Returns a mask of the lowest `count` bits.
    @inlinable
    static func mask(_ count: Int) -> Self {
        count >= bitWidth ? ~0 : (1 &<< Self(truncatingIfNeeded: count)) &- 1
    }
}
