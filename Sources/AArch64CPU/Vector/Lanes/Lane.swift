/// An element of a SIMD&FP register: 8, 16, 32 or 64 bits, signed or unsigned.
///
/// Instructions such as SMAX and UMAX are one operation on signed and unsigned numbers. An operation is written once
/// for any lane, and the lane's type determines the comparison and the right shift.
protocol Lane: FixedWidthInteger, SIMDScalar, BitwiseCopyable, Codable {
    /// The whole register.
    associatedtype Vector: SIMD, BitwiseCopyable where Vector.Scalar == Self
}

/// A lane for which a lane of twice its width exists, as the widening and narrowing instructions need.
protocol NarrowLane: Lane {
    associatedtype Wide: Lane
    /// Half a register, with as many lanes as a register of ``Wide``.
    associatedtype Half: SIMD, BitwiseCopyable where Half.Scalar == Self
}

extension UInt8: NarrowLane {
    typealias Vector = SIMD16<UInt8>
    typealias Half = SIMD8<UInt8>
    typealias Wide = UInt16
}

extension UInt16: NarrowLane {
    typealias Vector = SIMD8<UInt16>
    typealias Half = SIMD4<UInt16>
    typealias Wide = UInt32
}

extension UInt32: NarrowLane {
    typealias Vector = SIMD4<UInt32>
    typealias Half = SIMD2<UInt32>
    typealias Wide = UInt64
}

extension UInt64: Lane {
    typealias Vector = SIMD2<UInt64>
}

extension Int8: NarrowLane {
    typealias Vector = SIMD16<Int8>
    typealias Half = SIMD8<Int8>
    typealias Wide = Int16
}

extension Int16: NarrowLane {
    typealias Vector = SIMD8<Int16>
    typealias Half = SIMD4<Int16>
    typealias Wide = Int32
}

extension Int32: NarrowLane {
    typealias Vector = SIMD4<Int32>
    typealias Half = SIMD2<Int32>
    typealias Wide = Int64
}

extension Int64: Lane {
    typealias Vector = SIMD2<Int64>
}

/// Whether an instruction's elements are signed or unsigned: the manual's `unsigned`.
protocol LaneKind {
    associatedtype Byte: NarrowLane where Byte.Wide == Halfword
    associatedtype Halfword: NarrowLane where Halfword.Wide == Word
    associatedtype Word: NarrowLane where Word.Wide == Doubleword
    associatedtype Doubleword: Lane
}

enum Signed: LaneKind {
    typealias Byte = Int8
    typealias Halfword = Int16
    typealias Word = Int32
    typealias Doubleword = Int64
}

enum Unsigned: LaneKind {
    typealias Byte = UInt8
    typealias Halfword = UInt16
    typealias Word = UInt32
    typealias Doubleword = UInt64
}
