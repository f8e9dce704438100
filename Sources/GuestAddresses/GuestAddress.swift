/// An address of 64 bits in one of the guest's address spaces.
///
/// Each address space has its own type, so that the build refuses a virtual address where a physical one belongs.
/// Arithmetic takes a byte count and traps on overflow; `&+` wraps around as the guest's own address calculation does.
public protocol GuestAddress:
    RawRepresentable<UInt64>, Strideable, Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible
where Stride == Int, IntegerLiteralType == UInt64 {
    /// The address with a number.
    init(_ rawValue: UInt64)
}

/// The address of a byte in guest-physical memory or of a device.
public struct PhysicalAddress: GuestAddress {
    /// The address as a number.
    public var rawValue: UInt64

    /// The address with a number.
    @inlinable
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// An address as a program of the guest uses it, before translation.
public struct VirtualAddress: GuestAddress {
    /// The address as a number.
    public var rawValue: UInt64

    /// The address with a number.
    @inlinable
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

extension GuestAddress {
    @inlinable
    public init(rawValue: UInt64) { self.init(rawValue) }

    @inlinable
    public init(integerLiteral value: UInt64) { self.init(value) }

    /// The last address.
    @inlinable
    public static var max: Self { Self(.max) }

    /// The address in hexadecimal.
    public var description: String { "0x" + String(rawValue, radix: 16) }

    @inlinable
    public static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }

    @inlinable
    public static func == (first: Self, second: Self) -> Bool { first.rawValue == second.rawValue }

    /// The bytes from this address to another; traps if an `Int` cannot hold them.
    @inlinable
    public func distance(to other: Self) -> Int {
        other >= self ? Int(other.rawValue - rawValue) : -Int(rawValue - other.rawValue)
    }

    @inlinable
    public func advanced(by count: Int) -> Self {
        count >= 0 ? self + UInt64(count) : Self(rawValue - UInt64(count.magnitude))
    }

    /// The address `count` bytes higher; traps on overflow.
    @inlinable
    public static func + (address: Self, count: UInt64) -> Self { Self(address.rawValue + count) }

    @inlinable
    public static func += (address: inout Self, count: UInt64) { address = address + count }

    /// The address `count` bytes higher, modulo 2^64.
    @inlinable
    public static func &+ (address: Self, count: UInt64) -> Self { Self(address.rawValue &+ count) }

    /// The address `count` bytes higher, modulo 2^64, and whether that is below this one.
    @inlinable
    public func addingReportingOverflow(_ count: UInt64) -> (partialValue: Self, overflow: Bool) {
        let (sum, overflow) = rawValue.addingReportingOverflow(count)
        return (Self(sum), overflow)
    }

    /// The bytes from the second address up to the first; traps if the first is lower.
    @inlinable
    public static func - (end: Self, start: Self) -> UInt64 { end.rawValue - start.rawValue }

    /// The address `count` bytes lower; traps on overflow.
    @inlinable
    public static func - (address: Self, count: UInt64) -> Self { Self(address.rawValue - count) }

    /// Whether the address is a multiple of `alignment`.
    @inlinable
    public func isAligned(to alignment: UInt64) -> Bool { rawValue % alignment == 0 }

    /// The highest multiple of a power of two that is not above the address.
    @inlinable
    public func alignedDown(to alignment: UInt64) -> Self { Self(rawValue & ~(alignment - 1)) }

    /// The lowest multiple of a power of two that is not below the address; nil above the address space.
    @inlinable
    public func alignedUp(to alignment: UInt64) -> Self? {
        let (sum, overflow) = addingReportingOverflow(alignment - 1)
        return overflow ? nil : sum.alignedDown(to: alignment)
    }
}

extension Range where Bound: GuestAddress {
    /// The range as plain numbers, for code such as the software CPU's that has no types for addresses.
    public var rawValues: Range<UInt64> { lowerBound.rawValue..<upperBound.rawValue }
}

/// An address in hexadecimal.
package func hexadecimal(_ address: some GuestAddress) -> String { address.description }
