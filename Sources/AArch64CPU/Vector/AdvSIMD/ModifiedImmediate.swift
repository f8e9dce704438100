import AArch64

/// Advanced SIMD modified immediate: MOVI, MVNI, ORR (immediate) and BIC (immediate).
///
/// Arm ARM, DDI 0487, C4.1 "Advanced SIMD modified immediate".
extension VectorHandlers {
    static let modifiedImmediateRows: Rows = [
        (
            .movi,
            { state, word in
                let immediate = expandedImmediate(word)
                VectorState(state).storeResult(word, SIMD2(immediate, immediate))
            }
        ),
        (
            .mvni,
            { state, word in
                let immediate = ~expandedImmediate(word)
                VectorState(state).storeResult(word, SIMD2(immediate, immediate))
            }
        ),
        (
            .orrVectorImmediate,
            { state, word in
                let vectors = VectorState(state)
                let old = vectors.load(word.rd, as: SIMD2<UInt64>.self)
                let immediate = expandedImmediate(word)
                vectors.storeResult(word, SIMD2(old.x | immediate, old.y | immediate))
            }
        ),
        (
            .bicVectorImmediate,
            { state, word in
                let vectors = VectorState(state)
                let old = vectors.load(word.rd, as: SIMD2<UInt64>.self)
                let immediate = ~expandedImmediate(word)
                vectors.storeResult(word, SIMD2(old.x & immediate, old.y & immediate))
            }
        ),
    ]
}

/// Returns the 64 bits of an immediate: AdvSIMDExpandImm() of the manual, without its floating-point cases.
@inline(__always)
private func expandedImmediate(_ word: UInt32) -> UInt64 {
    let byte = UInt64(word.field(16, 3) &<< 5 | word.field(5, 5))
    let mode = word.field(12, 4)
    // Multiplication by a constant with a one for each element repeats the element.
    switch mode &>> 1 {
    case 0...3: return byte &<< UInt64(8 &* (mode &>> 1)) &* 0x1_0000_0001
    case 4, 5: return byte &<< UInt64(8 &* (mode &>> 1 & 1)) &* 0x0001_0001_0001_0001
    case 6:
        let shift = UInt64(8 &<< (mode & 1))
        return (byte &<< shift | (1 &<< shift &- 1)) &* 0x1_0000_0001
    default:
        if !word.bit(29) { return byte &* 0x0101_0101_0101_0101 }
        // Each bit becomes a byte: one bit is kept in each byte, and bytes that are not zero become all ones.
        let spread = byte &* 0x0101_0101_0101_0101 & 0x8040_2010_0804_0201
        let low = ((spread & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F | spread) &>> 7 & 0x0101_0101_0101_0101
        return low &* 0xFF
    }
}
