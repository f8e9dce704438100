import AArch64

/// The fields that Advanced SIMD encodings have in common.
extension UInt32 {
    /// 1 if the vector has 128 bits, 0 if it has 64.
    ///
    /// Scalar forms, which have bit 28 set, use at most 64 bits although their bit 30 is set, and so share the vector
    /// forms' handlers.
    @inline(__always)
    var q: UInt64 { UInt64((self & ~(self &<< 2)) &>> 30 & 1) }

    /// Returns the number of lanes of `bytes` bytes each; one in scalar forms.
    @inline(__always)
    func laneCount(bytes: Int) -> Int {
        bit(28) ? 1 : (8 &<< Int(truncatingIfNeeded: self &>> 30 & 1)) / bytes
    }

    /// `size`, the element size as a binary logarithm of bytes.
    @inline(__always)
    var elementSize: UInt32 { field(22, 2) }

    @inline(__always) var rd: Int { register(0) }
    @inline(__always) var rn: Int { register(5) }
    @inline(__always) var rm: Int { register(16) }
}

extension VectorState {
    /// Writes Vd: all of it, or the lower half with zeros above.
    @inline(__always)
    func storeResult<V: BitwiseCopyable>(_ word: UInt32, _ value: V) {
        var bits = unsafeBitCast(value, to: SIMD2<UInt64>.self)
        bits.y &= 0 &- word.q
        address(word.rd).storeBytes(of: bits, as: SIMD2<UInt64>.self)
    }

    /// Writes all 128 bits of Vd.
    @inline(__always)
    func storeWhole<V: BitwiseCopyable>(_ word: UInt32, _ value: V) {
        address(word.rd).storeBytes(of: unsafeBitCast(value, to: SIMD2<UInt64>.self), as: SIMD2<UInt64>.self)
    }

    /// Returns the half of V`n` that a widening instruction reads: the upper half for second forms such as SADDL2.
    @inline(__always)
    func loadPart<V: BitwiseCopyable>(_ n: Int, _ word: UInt32, as type: V.Type) -> V {
        address(n).load(fromByteOffset: Int(truncatingIfNeeded: word.q) &* 8, as: type)
    }

    /// Writes the result of a narrowing instruction: the lower half with zeros above, or only the upper half (XTN2).
    @inline(__always)
    func storePart<V: BitwiseCopyable>(_ word: UInt32, _ value: V) {
        let half = unsafeBitCast(value, to: UInt64.self)
        if word.q == 0 {
            storeWhole(word, SIMD2<UInt64>(half, 0))
        } else {
            setLane(word.rd, 1, half)
        }
    }

    /// Sets FPSR.QC if an operation saturated.
    @inline(__always)
    func recordSaturation(_ saturated: Bool) {
        setFPSR(saturated ? 1 &<< 27 : 0)
    }
}
