/// NZCV as the operation that set it and its operands, computed when it is read.
///
/// Most flags are never read, or only by the next branch, which compares the operands instead.
enum LazyFlags {
    /// The meaning of ``VCPUState/flagsA`` (A) and ``VCPUState/flagsB`` (B).
    enum Kind {
        /// A holds the flags in bits 31–28.
        static let packed: UInt64 = 0
        /// The flags of A minus B.
        static let subtract64: UInt64 = 1
        static let subtract32: UInt64 = 2
        /// The flags of A plus B.
        static let add64: UInt64 = 3
        static let add32: UInt64 = 4
        /// The flags of the result A, with C and V clear.
        static let logical64: UInt64 = 5
        static let logical32: UInt64 = 6
    }

    static func nzcv(kind: UInt64, _ a: UInt64, _ b: UInt64) -> UInt32 {
        switch kind {
        case Kind.subtract64: addWithCarry64(a, ~b, 1).nzcv
        case Kind.subtract32: addWithCarry32(UInt32(truncatingIfNeeded: a), ~UInt32(truncatingIfNeeded: b), 1).nzcv
        case Kind.add64: addWithCarry64(a, b, 0).nzcv
        case Kind.add32: addWithCarry32(UInt32(truncatingIfNeeded: a), UInt32(truncatingIfNeeded: b), 0).nzcv
        case Kind.logical64: (a >> 63 != 0 ? 8 << 28 : 0) | (a == 0 ? 4 << 28 : 0)
        case Kind.logical32:
            (a >> 31 & 1 != 0 ? 8 << 28 : 0) | (UInt32(truncatingIfNeeded: a) == 0 ? 4 << 28 : 0)
        default: UInt32(truncatingIfNeeded: a) & 0xF000_0000
        }
    }

    /// AddWithCarry() of the Arm ARM's shared pseudocode, flags in bits 31–28.
    static func addWithCarry64(_ x: UInt64, _ y: UInt64, _ carry: UInt64) -> (result: UInt64, nzcv: UInt32) {
        let (partial, overflow1) = x.addingReportingOverflow(y)
        let (result, overflow2) = partial.addingReportingOverflow(carry)
        var flags: UInt32 = 0
        if result >> 63 != 0 { flags |= 8 << 28 }
        if result == 0 { flags |= 4 << 28 }
        if overflow1 || overflow2 { flags |= 2 << 28 }
        if ((x ^ result) & (y ^ result)) >> 63 != 0 { flags |= 1 << 28 }
        return (result, flags)
    }

    static func addWithCarry32(_ x: UInt32, _ y: UInt32, _ carry: UInt32) -> (result: UInt32, nzcv: UInt32) {
        let wide = UInt64(x) + UInt64(y) + UInt64(carry)
        let result = UInt32(truncatingIfNeeded: wide)
        var flags: UInt32 = 0
        if result >> 31 != 0 { flags |= 8 << 28 }
        if result == 0 { flags |= 4 << 28 }
        if wide >> 32 != 0 { flags |= 2 << 28 }
        if ((x ^ result) & (y ^ result)) >> 31 != 0 { flags |= 1 << 28 }
        return (result, flags)
    }
}

extension LazyFlags {
    /// ConditionHolds() of the Arm ARM's shared pseudocode, on the flags in `state`.
    @inline(never)
    static func holds(_ condition: UInt8, _ state: UnsafeMutablePointer<UInt64>) -> Bool {
        let a = state[VCPUState.flagsA]
        let b = state[VCPUState.flagsB]
        switch state[VCPUState.flagsKind] {
        case Kind.subtract64:
            switch condition {
            case 0: return a == b
            case 1: return a != b
            case 2: return a >= b
            case 3: return a < b
            case 8: return a > b
            case 9: return a <= b
            case 10: return Int64(bitPattern: a) >= Int64(bitPattern: b)
            case 11: return Int64(bitPattern: a) < Int64(bitPattern: b)
            case 12: return Int64(bitPattern: a) > Int64(bitPattern: b)
            case 13: return Int64(bitPattern: a) <= Int64(bitPattern: b)
            default: break
            }
        case Kind.subtract32:
            let (a, b) = (UInt32(truncatingIfNeeded: a), UInt32(truncatingIfNeeded: b))
            switch condition {
            case 0: return a == b
            case 1: return a != b
            case 2: return a >= b
            case 3: return a < b
            case 8: return a > b
            case 9: return a <= b
            case 10: return Int32(bitPattern: a) >= Int32(bitPattern: b)
            case 11: return Int32(bitPattern: a) < Int32(bitPattern: b)
            case 12: return Int32(bitPattern: a) > Int32(bitPattern: b)
            case 13: return Int32(bitPattern: a) <= Int32(bitPattern: b)
            default: break
            }
        case Kind.logical64:
            if condition == 0 { return a == 0 }
            if condition == 1 { return a != 0 }
        case Kind.logical32:
            if condition == 0 { return UInt32(truncatingIfNeeded: a) == 0 }
            if condition == 1 { return UInt32(truncatingIfNeeded: a) != 0 }
        case Kind.add64:
            // Multiword arithmetic tests the carry.
            switch condition {
            case 0: return a &+ b == 0
            case 1: return a &+ b != 0
            case 2: return a &+ b < a
            case 3: return a &+ b >= a
            default: break
            }
        case Kind.packed:
            return holds(condition, nzcv: UInt32(truncatingIfNeeded: a))
        default:
            break
        }
        return holds(condition, nzcv: nzcv(kind: state[VCPUState.flagsKind], a, b))
    }

    /// ConditionHolds() on flags in bits 31–28.
    static func holds(_ condition: UInt8, nzcv: UInt32) -> Bool {
        let n = nzcv >> 31 & 1 != 0
        let z = nzcv >> 30 & 1 != 0
        let c = nzcv >> 29 & 1 != 0
        let v = nzcv >> 28 & 1 != 0
        let result =
            switch condition >> 1 {
            case 0: z
            case 1: c
            case 2: n
            case 3: v
            case 4: c && !z
            case 5: n == v
            case 6: n == v && !z
            default: true
            }
        return condition & 1 != 0 && condition != 15 ? !result : result
    }
}

extension LazyFlags {
    /// PSTATE.C as 0 or 1.
    @inline(never)
    static func carry(_ state: UnsafeMutablePointer<UInt64>) -> UInt64 {
        let a = state[VCPUState.flagsA]
        let b = state[VCPUState.flagsB]
        return switch state[VCPUState.flagsKind] {
        case Kind.packed: a >> 29 & 1
        case Kind.subtract64: a >= b ? 1 : 0
        case Kind.add64: a &+ b < a ? 1 : 0
        default: UInt64(nzcv(kind: state[VCPUState.flagsKind], a, b) >> 29 & 1)
        }
    }
}
