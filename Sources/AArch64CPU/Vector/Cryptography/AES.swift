import AArch64

/// The AES instructions: one step of a round on the 16 bytes of the state, by columns.
///
/// Arm ARM, DDI 0487, C7.2 "AESE" and the following; the cipher is FIPS 197.
extension VectorHandlers {
    static let aesRows: Rows = [
        (.aese, { AES.addKeyAndSubstitute(VectorState($0), $1, AES.forwardBox, rowShift: 1) }),
        (.aesd, { AES.addKeyAndSubstitute(VectorState($0), $1, AES.inverseBox, rowShift: 3) }),
        (
            .aesmc,
            { state, word in
                let vectors = VectorState(state)
                vectors.storeWhole(word, AES.mixColumns(vectors.load(word.rn, as: SIMD4<UInt32>.self)))
            }
        ),
        (
            .aesimc,
            { state, word in
                let vectors = VectorState(state)
                vectors.storeWhole(word, AES.inverseMixColumns(vectors.load(word.rn, as: SIMD4<UInt32>.self)))
            }
        ),
    ]
}

private enum AES {
    // SAFETY: both are written once, when they are first used, and never freed.
    nonisolated(unsafe) static let forwardBox = UnsafePointer(makeForwardBox())
    nonisolated(unsafe) static let inverseBox = UnsafePointer(makeInverseBox())

    /// AddRoundKey, ShiftRows and SubBytes, or their inverses: the bytes of row r move by r × `rowShift` columns.
    @inline(__always)
    static func addKeyAndSubstitute(
        _ vectors: VectorState, _ word: UInt32, _ box: UnsafePointer<UInt8>, rowShift: Int
    ) {
        let old = vectors.load(word.rd, as: SIMD4<UInt32>.self)
        let key = vectors.load(word.rn, as: SIMD4<UInt32>.self)
        let state = old ^ key
        var result = SIMD4<UInt32>()
        for column in 0..<4 {
            var bytes: UInt32 = 0
            for row in 0..<4 {
                let byte = state[(column &+ row &* rowShift) & 3] &>> UInt32(truncatingIfNeeded: 8 &* row) & 0xFF
                bytes |= UInt32(box[Int(byte)]) &<< UInt32(truncatingIfNeeded: 8 &* row)
            }
            result[column] = bytes
        }
        vectors.storeWhole(word, result)
    }

    /// Multiplies each column by 3x³ + x² + x + 2.
    @inline(__always)
    static func mixColumns(_ state: SIMD4<UInt32>) -> SIMD4<UInt32> {
        let next = rotate(state, 8)
        return double(state ^ next) ^ next ^ rotate(state, 16) ^ rotate(state, 24)
    }

    /// Multiplies each column by 11x³ + 13x² + 9x + 14, which is the polynomial of ``mixColumns(_:)`` times 4x² + 5.
    @inline(__always)
    static func inverseMixColumns(_ state: SIMD4<UInt32>) -> SIMD4<UInt32> {
        mixColumns(state ^ double(double(state ^ rotate(state, 16))))
    }

    /// Rotates each column right by `bits`, so that a byte moves `bits`/8 rows up.
    @inline(__always)
    private static func rotate(_ state: SIMD4<UInt32>, _ bits: UInt32) -> SIMD4<UInt32> {
        state &>> bits | state &<< (32 &- bits)
    }

    /// Multiplies each byte by x, modulo x⁸ + x⁴ + x³ + x + 1.
    @inline(__always)
    private static func double(_ state: SIMD4<UInt32>) -> SIMD4<UInt32> {
        let carries = state &>> 7 & 0x0101_0101
        return (state & 0x7F7F_7F7F) &<< 1 ^ carries &* 0x1B
    }

    /// Computes the S-box from its definition: the inverse in GF(2⁸), then an affine map.
    private static func makeForwardBox() -> UnsafeMutablePointer<UInt8> {
        let box = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
        box.initialize(repeating: 0x63, count: 256)
        // x + 1 generates the nonzero elements of the field: the inverse of its nth power is its (255 - n)th power.
        var powers: [UInt8] = [1]
        while powers.count < 256 {
            let last = powers[powers.count - 1]
            powers.append(last ^ (last &<< 1) ^ (last & 0x80 != 0 ? 0x1B : 0))
        }
        for exponent in 0..<255 {
            let inverse = powers[255 - exponent]
            var mapped: UInt8 = 0x63
            for rotation in 0..<UInt8(5) { mapped ^= inverse &<< rotation | inverse >> (8 - rotation) }
            box[Int(powers[exponent])] = mapped
        }
        return box
    }

    private static func makeInverseBox() -> UnsafeMutablePointer<UInt8> {
        let box = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
        box.initialize(repeating: 0, count: 256)
        for value in 0..<UInt8.max { box[Int(forwardBox[Int(value)])] = value }
        box[Int(forwardBox[255])] = 255
        return box
    }
}
