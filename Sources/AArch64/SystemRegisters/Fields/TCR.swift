/// The size of a translation granule.
public enum TranslationGranule: UInt8, CaseIterable, Sendable {
    case size4K
    case size16K
    case size64K

    /// The binary logarithm of the size in bytes.
    @inlinable public var bits: Int {
        switch self {
        case .size4K: 12
        case .size16K: 14
        case .size64K: 16
        }
    }
}

/// TCR_EL1: how the two halves of the virtual address space are translated.
///
/// Arm ARM, DDI 0487, "TCR_EL1, Translation Control Register (EL1)". `upper` chooses the half of TTBR1_EL1.
public struct TCR: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// T0SZ or T1SZ: the address has 64 less this many bits.
    public func sizeOffset(upper: Bool) -> Int { Int(upper ? rawValue[bits: 16...21] : rawValue[bits: 0...5]) }
    /// EPD0 or EPD1.
    public func disablesWalks(upper: Bool) -> Bool { rawValue[bit: upper ? 23 : 7] }
    /// TBI0 or TBI1.
    public func ignoresTopByte(upper: Bool) -> Bool { rawValue[bit: upper ? 38 : 37] }
    /// HPD0 or HPD1.
    public func disablesHierarchy(upper: Bool) -> Bool { rawValue[bit: upper ? 42 : 41] }
    /// TBID0 or TBID1.
    public func ignoresTopByteOfDataOnly(upper: Bool) -> Bool { rawValue[bit: upper ? 52 : 51] }
    /// E0PD0 or E0PD1.
    public func preventsEL0(upper: Bool) -> Bool { rawValue[bit: upper ? 56 : 55] }
    /// A1: the current ASID is TTBR1_EL1's.
    public var asidInTTBR1: Bool { rawValue[bit: 22] }
    /// AS: ASIDs have 16 bits.
    public var hasWideASID: Bool { rawValue[bit: 36] }
    /// DS: 52-bit addresses with the 4 KB and 16 KB granules, where the machine has FEAT_LPA2.
    public var ds: Bool { rawValue[bit: 59] }

    /// IPS in bits; the reserved encoding counts as the largest size.
    public var outputBits: Int { Self.physicalAddressBits(encoding: UInt8(rawValue[bits: 32...34])) }

    /// TG0 or TG1, which don't share their encodings.
    ///
    /// A reserved value, or a granule the machine lacks, is one of the machine's choice: the first it has.
    public func granule(upper: Bool, features: ArchitectureFeatures = .armv8_0) -> TranslationGranule {
        let programmed: TranslationGranule?
        if upper {
            switch rawValue[bits: 30...31] {
            case 0b01: programmed = .size16K
            case 0b10: programmed = .size4K
            case 0b11: programmed = .size64K
            default: programmed = nil
            }
        } else {
            switch rawValue[bits: 14...15] {
            case 0b00: programmed = .size4K
            case 0b01: programmed = .size64K
            case 0b10: programmed = .size16K
            default: programmed = nil
            }
        }
        if let programmed, features.contains(Self.feature(programmed)) { return programmed }
        if features.contains(.granule4K) { return .size4K }
        return features.contains(.granule64K) ? .size64K : .size16K
    }

    private static func feature(_ granule: TranslationGranule) -> ArchitectureFeatures {
        switch granule {
        case .size4K: .granule4K
        case .size16K: .granule16K
        case .size64K: .granule64K
        }
    }

    /// The current address space identifier.
    public func asid(ttbr0: UInt64, ttbr1: UInt64) -> UInt16 {
        let field = UInt16(truncatingIfNeeded: (asidInTTBR1 ? ttbr1 : ttbr0) >> 48)
        return hasWideASID ? field : field & 0xff
    }

    /// The size that IPS or ID_AA64MMFR0_EL1.PARange encodes.
    public static func physicalAddressBits(encoding: UInt8) -> Int {
        switch encoding & 0xf {
        case 0: 32
        case 1: 36
        case 2: 40
        case 3: 42
        case 4: 44
        case 5: 48
        default: 52
        }
    }
}
