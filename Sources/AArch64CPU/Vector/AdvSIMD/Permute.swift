import AArch64

/// Advanced SIMD permute, extract and table look-up, which move elements without changing them.
///
/// Arm ARM, DDI 0487, C4.1 "Advanced SIMD permute", "extract", "table lookup".
extension VectorHandlers {
    static let permuteRows: Rows = [
        (.zip1, { permute(Zip<Low>.self, $0, $1) }),
        (.zip2, { permute(Zip<High>.self, $0, $1) }),
        (.uzp1, { permute(Unzip<Low>.self, $0, $1) }),
        (.uzp2, { permute(Unzip<High>.self, $0, $1) }),
        (.trn1, { permute(Transpose<Low>.self, $0, $1) }),
        (.trn2, { permute(Transpose<High>.self, $0, $1) }),
        (.ext, { extract(VectorState($0), $1) }),
        (.tbl, { lookUp(VectorState($0), $1, keepingOld: false) }),
        (.tbx, { lookUp(VectorState($0), $1, keepingOld: true) }),
    ]
}

/// A selection of elements from two vectors.
private protocol Permutation {
    static func apply<T: Lane>(_ first: T.Vector, _ second: T.Vector, _: T.Type) -> T.Vector

    /// Arranges the elements of two 64-bit vectors as ``apply(_:_:_:)`` needs them for the lower half of its result.
    static func narrowed(_ first: SIMD2<UInt64>, _ second: SIMD2<UInt64>) -> (SIMD2<UInt64>, SIMD2<UInt64>)
}

/// The manual's `part`: 0 for ZIP1, UZP1 and TRN1, 1 for ZIP2, UZP2 and TRN2.
private protocol Part {
    static var index: Int { get }
}

private enum Low: Part {
    @inline(__always) static var index: Int { 0 }
}

private enum High: Part {
    @inline(__always) static var index: Int { 1 }
}

private enum Zip<P: Part>: Permutation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T.Vector, _ second: T.Vector, _: T.Type) -> T.Vector {
        var result = T.Vector()
        let pairs = T.Vector.scalarCount / 2
        for pair in 0..<pairs {
            result[2 &* pair] = first[pair &+ P.index &* pairs]
            result[2 &* pair &+ 1] = second[pair &+ P.index &* pairs]
        }
        return result
    }

    @inline(__always)
    static func narrowed(_ first: SIMD2<UInt64>, _ second: SIMD2<UInt64>) -> (SIMD2<UInt64>, SIMD2<UInt64>) {
        (SIMD2(first.x, first.x &>> 32), SIMD2(second.x, second.x &>> 32))
    }
}

private enum Unzip<P: Part>: Permutation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T.Vector, _ second: T.Vector, _: T.Type) -> T.Vector {
        unzip(first, second, odd: P.index)
    }

    @inline(__always)
    static func narrowed(_ first: SIMD2<UInt64>, _ second: SIMD2<UInt64>) -> (SIMD2<UInt64>, SIMD2<UInt64>) {
        (SIMD2(first.x, second.x), second)
    }
}

private enum Transpose<P: Part>: Permutation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T.Vector, _ second: T.Vector, _: T.Type) -> T.Vector {
        var result = T.Vector()
        for pair in 0..<T.Vector.scalarCount / 2 {
            result[2 &* pair] = first[2 &* pair &+ P.index]
            result[2 &* pair &+ 1] = second[2 &* pair &+ P.index]
        }
        return result
    }

    @inline(__always)
    static func narrowed(_ first: SIMD2<UInt64>, _ second: SIMD2<UInt64>) -> (SIMD2<UInt64>, SIMD2<UInt64>) {
        (first, second)
    }
}

/// Returns the even or odd elements of two vectors, those of the first in the lower half.
@inline(__always)
func unzip<V: SIMD>(_ first: V, _ second: V, odd: Int) -> V {
    var result = V()
    let half = V.scalarCount / 2
    for lane in 0..<half {
        result[lane] = first[2 &* lane &+ odd]
        result[half &+ lane] = second[2 &* lane &+ odd]
    }
    return result
}

@inline(__always)
private func permute<P: Permutation>(_: P.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    switch word.elementSize {
    case 0: permute(P.self, UInt8.self, VectorState(state), word)
    case 1: permute(P.self, UInt16.self, VectorState(state), word)
    case 2: permute(P.self, UInt32.self, VectorState(state), word)
    default: permute(P.self, UInt64.self, VectorState(state), word)
    }
}

@inline(__always)
private func permute<P: Permutation, T: Lane>(_: P.Type, _: T.Type, _ vectors: VectorState, _ word: UInt32) {
    var first = vectors.load(word.rn, as: SIMD2<UInt64>.self)
    var second = vectors.load(word.rm, as: SIMD2<UInt64>.self)
    if word.q == 0 { (first, second) = P.narrowed(first, second) }
    let result = P.apply(unsafeBitCast(first, to: T.Vector.self), unsafeBitCast(second, to: T.Vector.self), T.self)
    vectors.storeResult(word, result)
}

@inline(__always)
private func extract(_ vectors: VectorState, _ word: UInt32) {
    let first = vectors.load(word.rn, as: SIMD2<UInt64>.self)
    let second = vectors.load(word.rm, as: SIMD2<UInt64>.self)
    let index = UInt64(word.field(11, 4))
    let shift = 8 &* (index & 7)
    /// Returns 64 bits of high:low from bit `shift`, which may be 0.
    func joined(_ low: UInt64, _ high: UInt64) -> UInt64 { low &>> shift | (high &<< 1) &<< (63 &- shift) }
    if word.q == 0 {
        vectors.storeWhole(word, SIMD2(joined(first.x, second.x), 0))
    } else if index < 8 {
        vectors.storeWhole(word, SIMD2(joined(first.x, first.y), joined(first.y, second.x)))
    } else {
        vectors.storeWhole(word, SIMD2(joined(first.y, second.x), joined(second.x, second.y)))
    }
}

/// TBL and TBX: selects bytes from one to four registers, where V0 follows V31.
@inline(__always)
private func lookUp(_ vectors: VectorState, _ word: UInt32, keepingOld: Bool) {
    let indices = vectors.load(word.rm, as: SIMD2<UInt64>.self)
    let old = keepingOld ? vectors.load(word.rd, as: SIMD2<UInt64>.self) : SIMD2<UInt64>()
    let limit = UInt64(word.field(13, 2) &+ 1) &* 16
    func half(_ indices: UInt64, _ old: UInt64) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let index = indices &>> shift & 0xFF
            let byte =
                index < limit
                ? UInt64(
                    vectors.address(word.rn &+ Int(truncatingIfNeeded: index &>> 4))
                        .load(fromByteOffset: Int(truncatingIfNeeded: index & 15), as: UInt8.self))
                : old &>> shift & 0xFF
            result |= byte &<< shift
            shift &+= 8
        }
        return result
    }
    let low = half(indices.x, old.x)
    let high = word.q == 0 ? 0 : half(indices.y, old.y)
    vectors.storeWhole(word, SIMD2(low, high))
}
