/// An address of 64 bits in one of the guest's address spaces.
///
/// Each address space has its own type, so that the build refuses a virtual address where a physical one belongs.
/// Arithmetic takes a byte count and traps on overflow; `&+` wraps around as the guest's own address calculation does.
package protocol GuestAddress:
    RawRepresentable<UInt64>, Strideable, Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible
where Stride == Int, IntegerLiteralType == UInt64 {
    init(_ rawValue: UInt64)
}

/// The address of a byte in guest-physical memory or of a device.
package struct PhysicalAddress: GuestAddress {
    package var rawValue: UInt64

    @inlinable
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// An address as a program of the guest uses it, before translation.
package struct VirtualAddress: GuestAddress {
    package var rawValue: UInt64

    @inlinable
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

extension GuestAddress {
    @inlinable
    package init(rawValue: UInt64) { self.init(rawValue) }

    @inlinable
    package init(integerLiteral value: UInt64) { self.init(value) }

    /// The last address.
    @inlinable
    package static var max: Self { Self(.max) }

    /// The address in hexadecimal.
    package var description: String { "0x" + String(rawValue, radix: 16) }

    @inlinable
    package static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }

    @inlinable
    package static func == (first: Self, second: Self) -> Bool { first.rawValue == second.rawValue }

    /// The bytes from this address to another; traps if an `Int` cannot hold them.
    @inlinable
    package func distance(to other: Self) -> Int {
        other >= self ? Int(other.rawValue - rawValue) : -Int(rawValue - other.rawValue)
    }

    @inlinable
    package func advanced(by count: Int) -> Self {
        count >= 0 ? self + UInt64(count) : Self(rawValue - UInt64(count.magnitude))
    }

    /// The address `count` bytes higher; traps on overflow.
    @inlinable
    package static func + (address: Self, count: UInt64) -> Self { Self(address.rawValue + count) }

    @inlinable
    package static func += (address: inout Self, count: UInt64) { address = address + count }

    /// The address `count` bytes higher, modulo 2^64.
    @inlinable
    package static func &+ (address: Self, count: UInt64) -> Self { Self(address.rawValue &+ count) }

    /// The address `count` bytes higher, modulo 2^64, and whether that is below this one.
    @inlinable
    package func addingReportingOverflow(_ count: UInt64) -> (partialValue: Self, overflow: Bool) {
        let (sum, overflow) = rawValue.addingReportingOverflow(count)
        return (Self(sum), overflow)
    }

    /// The bytes from the second address up to the first; traps if the first is lower.
    @inlinable
    package static func - (end: Self, start: Self) -> UInt64 { end.rawValue - start.rawValue }

    /// The address `count` bytes lower; traps on overflow.
    @inlinable
    package static func - (address: Self, count: UInt64) -> Self { Self(address.rawValue - count) }

    /// Whether the address is a multiple of `alignment`.
    @inlinable
    package func isAligned(to alignment: UInt64) -> Bool { rawValue % alignment == 0 }
}

extension Range where Bound: GuestAddress {
    /// The range for a user of plain numbers, such as the software CPU.
    package var rawValues: Range<UInt64> { lowerBound.rawValue..<upperBound.rawValue }
}
