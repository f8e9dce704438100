/// Ranges of bits, written as the Arm ARM writes them: high end last in Swift's order, so `x<11:10>` is `x[bits: 10...11]`.
extension FixedWidthInteger {
    /// The bits of a range, moved down to bit 0; setting ignores what doesn't fit.
    @inlinable
    subscript(bits range: ClosedRange<Int>) -> Self {
        get { (self &>> Self(truncatingIfNeeded: range.lowerBound)) & Self.mask(range.count) }
        set {
            let mask = Self.mask(range.count) &<< Self(truncatingIfNeeded: range.lowerBound)
            self = (self & ~mask) | ((newValue &<< Self(truncatingIfNeeded: range.lowerBound)) & mask)
        }
    }

    /// One bit as a truth value.
    @inlinable
    subscript(bit index: Int) -> Bool {
        get { (self &>> Self(truncatingIfNeeded: index)) & 1 != 0 }
        set {
            let mask: Self = 1 &<< Self(truncatingIfNeeded: index)
            self = newValue ? self | mask : self & ~mask
        }
    }

    /// That many ones from bit 0 up.
    @inlinable
    static func mask(_ count: Int) -> Self {
        count >= bitWidth ? ~0 : (1 &<< Self(truncatingIfNeeded: count)) &- 1
    }
}
