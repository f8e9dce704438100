/// The 16-bit encoding of a system register: op0:op1:CRn:CRm:op2, with op0 in bits 15:14.
///
/// The encoding is bits 20:5 of the MRS or MSR instruction and bits 15:0 of the KVM register id. Arm ARM, DDI 0487,
/// C5.1.2 "Principles of the System instruction class encoding".
public struct SystemRegisterEncoding: RawRepresentable, Hashable, Comparable, Sendable {
    /// op0:op1:CRn:CRm:op2.
    public let rawValue: UInt16

    /// Creates an encoding from op0:op1:CRn:CRm:op2.
    @inlinable
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Creates an encoding from its five fields; bits beyond the width of a field are ignored.
    @inlinable
    public init(_ op0: UInt16, _ op1: UInt16, _ crn: UInt16, _ crm: UInt16, _ op2: UInt16) {
        rawValue = (op0 & 3) &<< 14 | (op1 & 7) &<< 11 | (crn & 15) &<< 7 | (crm & 15) &<< 3 | (op2 & 7)
    }

    /// Extracts the encoding from an MRS or MSR (register) instruction word.
    ///
    /// The caller must have decoded the word; for any other word the value is meaningless.
    @inlinable
    public init(instruction word: UInt32) {
        // Bit 20, the high bit of op0, is always 1 in MRS and MSR: op0 is 2 + o0.
        rawValue = UInt16(truncatingIfNeeded: word &>> 5)
    }

    /// op0, 0 to 3.
    @inlinable public var op0: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 14...15]) }
    /// op1, 0 to 7.
    @inlinable public var op1: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 11...13]) }
    /// CRn, 0 to 15.
    @inlinable public var crn: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 7...10]) }
    /// CRm, 0 to 15.
    @inlinable public var crm: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 3...6]) }
    /// op2, 0 to 7.
    @inlinable public var op2: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 0...2]) }

    /// Returns the instruction word of `MRS Xt, <register>`.
    public func mrs(_ xt: UInt8) -> UInt32 {
        0xd520_0000 | UInt32(rawValue) &<< 5 | UInt32(xt & 31)
    }

    /// Returns the instruction word of `MSR <register>, Xt`.
    public func msr(_ xt: UInt8) -> UInt32 {
        0xd500_0000 | UInt32(rawValue) &<< 5 | UInt32(xt & 31)
    }

    /// The generic name that assemblers accept for any encoding, such as `S3_0_C1_C0_0`.
    public var genericName: String { "S\(op0)_\(op1)_C\(crn)_C\(crm)_\(op2)" }

    /// Whether the encoding lies in the space of ID registers, where unallocated encodings read as zero.
    ///
    /// Arm ARM, D22 "AArch64 System register encoding": op0 3, op1 0, CRn 0, CRm 1 to 7.
    @inlinable public var isInIdentificationSpace: Bool {
        op0 == 3 && op1 == 0 && crn == 0 && (1...7).contains(crm)
    }

    /// Orders encodings by their raw values.
    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
