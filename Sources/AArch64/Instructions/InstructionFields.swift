extension UInt32 {
    /// The field of `width` bits whose lowest bit is `low`.
    @inlinable
    package func field(_ low: UInt32, _ width: UInt32) -> UInt32 {
        (self &>> low) & ((1 &<< width) &- 1)
    }

    /// The field of `width` bits whose lowest bit is `low`, sign-extended.
    @inlinable
    package func signedField(_ low: UInt32, _ width: UInt32) -> Int64 {
        Int64(Int32(truncatingIfNeeded: self &<< (32 &- low &- width)) &>> Int32(truncatingIfNeeded: 32 &- width))
    }

    /// The one bit at `position`.
    @inlinable
    package func bit(_ position: UInt32) -> Bool {
        (self &>> position) & 1 != 0
    }

    /// The field of five bits whose lowest bit is `low`, as a register number.
    @inlinable
    package func register(_ low: UInt32) -> Int {
        Int(truncatingIfNeeded: (self &>> low) & 31)
    }
}

/// A condition of B.cond, CSEL and their kind, by its encoding.
///
/// Arm ARM, DDI 0487, C1.2.4 "Condition code".
package enum Condition: UInt8, CaseIterable, Sendable {
    case eq, ne, cs, cc, mi, pl, vs, vc, hi, ls, ge, lt, gt, le, al, nv

    /// The condition in the four bits from `low` up.
    @inlinable
    package init(_ word: UInt32, at low: UInt32) {
        // SAFETY: every value of the field is a case's raw value, and cases without payload are stored as it.
        self = unsafe unsafeBitCast(UInt8(truncatingIfNeeded: word.field(low, 4)), to: Condition.self)
    }

    /// Whether the condition holds: ConditionHolds() of the manual.
    ///
    /// Both `al` and `nv` always do.
    @inlinable
    package func holds(n: Bool, z: Bool, c: Bool, v: Bool) -> Bool {
        switch self {
        case .eq: z
        case .ne: !z
        case .cs: c
        case .cc: !c
        case .mi: n
        case .pl: !n
        case .vs: v
        case .vc: !v
        case .hi: c && !z
        case .ls: !c || z
        case .ge: n == v
        case .lt: n != v
        case .gt: n == v && !z
        case .le: n != v || z
        case .al, .nv: true
        }
    }
}

/// How an extended register is widened before its shift: DecodeRegExtend() of the manual.
package enum ExtendType: UInt8, CaseIterable, Sendable {
    case uxtb, uxth, uxtw, uxtx, sxtb, sxth, sxtw, sxtx

    /// The extension in the three bits from `low` up.
    @inlinable
    package init(_ word: UInt32, at low: UInt32) {
        // SAFETY: every value of the field is a case's raw value, and cases without payload are stored as it.
        self = unsafe unsafeBitCast(UInt8(truncatingIfNeeded: word.field(low, 3)), to: ExtendType.self)
    }

    /// The value extended, then shifted left: ExtendReg() of the manual for a 64-bit operand.
    @inlinable
    package func apply(_ value: UInt64, shift: UInt32) -> UInt64 {
        let extended: UInt64 =
            switch self {
            case .uxtb: UInt64(UInt8(truncatingIfNeeded: value))
            case .uxth: UInt64(UInt16(truncatingIfNeeded: value))
            case .uxtw: UInt64(UInt32(truncatingIfNeeded: value))
            case .uxtx, .sxtx: value
            case .sxtb: UInt64(bitPattern: Int64(Int8(truncatingIfNeeded: value)))
            case .sxth: UInt64(bitPattern: Int64(Int16(truncatingIfNeeded: value)))
            case .sxtw: UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
            }
        return extended &<< UInt64(shift)
    }
}

/// How a shifted register is shifted: DecodeShift() of the manual.
package enum ShiftType: UInt8, CaseIterable, Sendable {
    case lsl, lsr, asr, ror

    /// The shift in the two bits from `low` up.
    @inlinable
    package init(_ word: UInt32, at low: UInt32) {
        // SAFETY: every value of the field is a case's raw value, and cases without payload are stored as it.
        self = unsafe unsafeBitCast(UInt8(truncatingIfNeeded: word.field(low, 2)), to: ShiftType.self)
    }

    /// The 64-bit value shifted by `amount` modulo 64: ShiftReg() of the manual.
    @inlinable
    package func apply(_ value: UInt64, _ amount: UInt64) -> UInt64 {
        switch self {
        case .lsl: value &<< amount
        case .lsr: value &>> amount
        case .asr: UInt64(bitPattern: Int64(bitPattern: value) &>> Int64(bitPattern: amount))
        case .ror: value &>> amount | value &<< (0 &- amount)
        }
    }

    /// The 32-bit value shifted by `amount` modulo 32: ShiftReg() of the manual.
    @inlinable
    package func apply(_ value: UInt32, _ amount: UInt32) -> UInt32 {
        switch self {
        case .lsl: value &<< amount
        case .lsr: value &>> amount
        case .asr: UInt32(bitPattern: Int32(bitPattern: value) &>> Int32(bitPattern: amount))
        case .ror: value &>> amount | value &<< (0 &- amount)
        }
    }
}
