/// The 16 bits that name a system register: op0:op1:CRn:CRm:op2, op0 in the top two.
///
/// The same bits are the MRS/MSR instruction's bits 20 to 5 and the low half of KVM's id.
/// Arm ARM, DDI 0487, C5.1.2 "Principles of the System instruction class encoding".
public struct SystemRegisterEncoding: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Puts the five fields together; each is cut to its width.
    @inlinable
    public init(_ op0: UInt16, _ op1: UInt16, _ crn: UInt16, _ crm: UInt16, _ op2: UInt16) {
        rawValue = (op0 & 3) &<< 14 | (op1 & 7) &<< 11 | (crn & 15) &<< 7 | (crm & 15) &<< 3 | (op2 & 7)
    }

    /// The register an MRS or MSR (register) word names.
    ///
    /// The caller has decoded the word; any other word gives a meaningless value.
    @inlinable
    public init(instruction word: UInt32) {
        // Bit 20 is the high bit of op0, always 1 for MRS and MSR: op0 is 2 + o0.
        rawValue = UInt16(truncatingIfNeeded: word &>> 5)
    }

    @inlinable public var op0: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 14...15]) }
    @inlinable public var op1: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 11...13]) }
    @inlinable public var crn: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 7...10]) }
    @inlinable public var crm: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 3...6]) }
    @inlinable public var op2: UInt8 { UInt8(truncatingIfNeeded: rawValue[bits: 0...2]) }

    /// The word of `MRS Xt, <register>`.
    public func mrs(_ xt: UInt8) -> UInt32 {
        0xd520_0000 | UInt32(rawValue) &<< 5 | UInt32(xt & 31)
    }

    /// The word of `MSR <register>, Xt`.
    public func msr(_ xt: UInt8) -> UInt32 {
        0xd500_0000 | UInt32(rawValue) &<< 5 | UInt32(xt & 31)
    }

    /// The assembler's name for an encoding without a register of that name: `S3_0_C1_C0_0`.
    public var genericName: String { "S\(op0)_\(op1)_C\(crn)_C\(crm)_\(op2)" }

    /// Whether the encoding lies in the space of ID registers, where what is not allocated reads as zero.
    ///
    /// Arm ARM, D22 "AArch64 System register encoding": op0 3, op1 0, CRn 0, CRm 1 to 7.
    @inlinable public var isInIdentificationSpace: Bool {
        op0 == 3 && op1 == 0 && crn == 0 && (1...7).contains(crm)
    }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
