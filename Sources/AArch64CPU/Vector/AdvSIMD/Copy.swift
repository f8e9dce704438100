import AArch64

/// Advanced SIMD copy: moves to and from elements and general-purpose registers.
///
/// `imm5` encodes both the element size, by its lowest set bit, and the index, by the bits above. Arm ARM, DDI 0487,
/// C4.1 "Advanced SIMD copy", "Advanced SIMD scalar copy".
extension VectorHandlers {
    static let copyRows: Rows = [
        (
            .dupElementVector,
            { state, word in
                let vectors = VectorState(state)
                repeatElement(vectors.element(word.rn, word), vectors, word)
            }
        ),
        (.dupGeneral, { repeatElement(VectorState($0).x($1.rn), VectorState($0), $1) }),
        (
            .dupElementScalar,
            { state, word in
                let vectors = VectorState(state)
                vectors.storeWhole(word, SIMD2<UInt64>(vectors.element(word.rn, word), 0))
            }
        ),
        (
            .umov,
            { state, word in
                let vectors = VectorState(state)
                vectors.setX(word.rd, vectors.element(word.rn, word))
            }
        ),
        (
            .smov,
            { state, word in
                let vectors = VectorState(state)
                let unused = 64 &- (8 &<< UInt64(word.copySize))
                let value = Int64(bitPattern: vectors.element(word.rn, word) &<< unused) &>> Int64(bitPattern: unused)
                vectors.setX(word.rd, UInt64(bitPattern: value) & (word.bit(30) ? ~0 : 0xFFFF_FFFF))
            }
        ),
        (
            .insGeneral,
            { state, word in
                let vectors = VectorState(state)
                vectors.setElement(word, vectors.x(word.rn))
            }
        ),
        (
            .insElement,
            { state, word in
                let vectors = VectorState(state)
                let offset = Int((word.field(11, 4) &>> word.copySize) &<< word.copySize)
                let source = vectors.address(word.rn)
                let value: UInt64 =
                    switch word.copySize {
                    case 0: UInt64(source.load(fromByteOffset: offset, as: UInt8.self))
                    case 1: UInt64(source.load(fromByteOffset: offset, as: UInt16.self))
                    case 2: UInt64(source.load(fromByteOffset: offset, as: UInt32.self))
                    default: source.load(fromByteOffset: offset, as: UInt64.self)
                    }
                vectors.setElement(word, value)
            }
        ),
    ]
}

extension UInt32 {
    /// The element size in `imm5`, as a binary logarithm of bytes.
    @inline(__always)
    fileprivate var copySize: UInt32 { UInt32(truncatingIfNeeded: (field(16, 5) | 8).trailingZeroBitCount) }

    /// The element index in `imm5`.
    @inline(__always)
    fileprivate var copyIndex: Int { Int(field(16, 5) &>> (copySize &+ 1)) }
}

extension VectorState {
    @inline(__always)
    fileprivate func element(_ n: Int, _ word: UInt32) -> UInt64 {
        switch word.copySize {
        case 0: UInt64(lane(n, word.copyIndex, as: UInt8.self))
        case 1: UInt64(lane(n, word.copyIndex, as: UInt16.self))
        case 2: UInt64(lane(n, word.copyIndex, as: UInt32.self))
        default: lane(n, word.copyIndex, as: UInt64.self)
        }
    }

    @inline(__always)
    fileprivate func setElement(_ word: UInt32, _ value: UInt64) {
        switch word.copySize {
        case 0: setLane(word.rd, word.copyIndex, UInt8(truncatingIfNeeded: value))
        case 1: setLane(word.rd, word.copyIndex, UInt16(truncatingIfNeeded: value))
        case 2: setLane(word.rd, word.copyIndex, UInt32(truncatingIfNeeded: value))
        default: setLane(word.rd, word.copyIndex, value)
        }
    }
}

/// Writes the element, of the size in `imm5`, to all elements of Vd.
@inline(__always)
private func repeatElement(_ value: UInt64, _ vectors: VectorState, _ word: UInt32) {
    let repeated: UInt64 =
        switch word.copySize {
        case 0: UInt64(UInt8(truncatingIfNeeded: value)) &* 0x0101_0101_0101_0101
        case 1: UInt64(UInt16(truncatingIfNeeded: value)) &* 0x0001_0001_0001_0001
        case 2: UInt64(UInt32(truncatingIfNeeded: value)) &* 0x1_0000_0001
        default: value
        }
    vectors.storeResult(word, SIMD2(repeated, repeated))
}
