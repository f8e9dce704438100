extension UInt32 {
    /// Returns the field of `width` bits whose lowest bit is `low`.
    @inlinable
    package func field(_ low: UInt32, _ width: UInt32) -> UInt32 {
        (self &>> low) & ((1 &<< width) &- 1)
    }

    /// Returns the field of `width` bits whose lowest bit is `low`, sign-extended.
    @inlinable
    package func signedField(_ low: UInt32, _ width: UInt32) -> Int64 {
        Int64(Int32(truncatingIfNeeded: self &<< (32 &- low &- width)) &>> Int32(truncatingIfNeeded: 32 &- width))
    }

    /// Returns the bit at `position`.
    @inlinable
    package func bit(_ position: UInt32) -> Bool {
        (self &>> position) & 1 != 0
    }

    /// Returns the register number, 0 to 31, in the field of five bits whose lowest bit is `low`.
    @inlinable
    package func register(_ low: UInt32) -> Int {
        Int(truncatingIfNeeded: (self &>> low) & 31)
    }
}

/// The condition of a conditional instruction such as B.cond or CSEL; the raw value is its encoding.
///
/// Arm ARM, DDI 0487, C1.2.4 "Condition code".
package enum Condition: UInt8, CaseIterable, Sendable {
    /// The condition codes in the order of their encodings.
    case eq, ne, cs, cc, mi, pl, vs, vc, hi, ls, ge, lt, gt, le, al, nv

    /// Extracts the condition from the field of four bits whose lowest bit is `low`.
    @inlinable
    package init(_ word: UInt32, at low: UInt32) {
        // SAFETY: every value of the field is a case's raw value, and cases without payload are stored as it.
        self = unsafe unsafeBitCast(UInt8(truncatingIfNeeded: word.field(low, 4)), to: Condition.self)
    }

    /// Returns whether the condition holds for the given condition flags (Arm pseudocode, ConditionHolds()).
    ///
    /// `al` and `nv` hold always.
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

/// The extension of an extended register operand (Arm pseudocode, DecodeRegExtend()).
package enum ExtendType: UInt8, CaseIterable, Sendable {
    /// Zero-extensions and sign-extensions of bytes, halfwords, words and doublewords, in the order of their encodings.
    case uxtb, uxth, uxtw, uxtx, sxtb, sxth, sxtw, sxtx

    /// Extracts the extension from the field of three bits whose lowest bit is `low`.
    @inlinable
    package init(_ word: UInt32, at low: UInt32) {
        // SAFETY: every value of the field is a case's raw value, and cases without payload are stored as it.
        self = unsafe unsafeBitCast(UInt8(truncatingIfNeeded: word.field(low, 3)), to: ExtendType.self)
    }

    /// Returns the value extended to 64 bits, then shifted left (Arm pseudocode, ExtendReg()).
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

/// The shift type of a shifted register operand (Arm pseudocode, DecodeShift()).
package enum ShiftType: UInt8, CaseIterable, Sendable {
    /// Logical shift left, logical shift right, arithmetic shift right and rotate right.
    case lsl, lsr, asr, ror

    /// Extracts the shift type from the field of two bits whose lowest bit is `low`.
    @inlinable
    package init(_ word: UInt32, at low: UInt32) {
        // SAFETY: every value of the field is a case's raw value, and cases without payload are stored as it.
        self = unsafe unsafeBitCast(UInt8(truncatingIfNeeded: word.field(low, 2)), to: ShiftType.self)
    }

    /// Returns the 64-bit value shifted by `amount` modulo 64 (Arm pseudocode, ShiftReg()).
    @inlinable
    package func apply(_ value: UInt64, _ amount: UInt64) -> UInt64 {
        switch self {
        case .lsl: value &<< amount
        case .lsr: value &>> amount
        case .asr: UInt64(bitPattern: Int64(bitPattern: value) &>> Int64(bitPattern: amount))
        case .ror: value &>> amount | value &<< (0 &- amount)
        }
    }

    /// Returns the 32-bit value shifted by `amount` modulo 32 (Arm pseudocode, ShiftReg()).
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
