/// A translation granule size.
public enum TranslationGranule: UInt8, CaseIterable, Sendable {
    /// The 4 KiB granule.
    case size4K
    /// The 16 KiB granule.
    case size16K
    /// The 64 KiB granule.
    case size64K

    /// The base-2 logarithm of the size in bytes.
    @inlinable public var bits: Int {
        switch self {
        case .size4K: 12
        case .size16K: 14
        case .size64K: 16
        }
    }
}

/// A value of TCR_EL1, which controls the translation of both halves of the virtual address space.
///
/// The parameter `upper` selects the half that TTBR1_EL1 translates. Arm ARM, DDI 0487, "TCR_EL1, Translation Control
/// Register (EL1)".
public struct TCR: RawRepresentable, Hashable, Sendable {
    /// The value of the register.
    public var rawValue: UInt64

    /// Creates a value from that of the register.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Returns T0SZ or T1SZ: input addresses have 64 minus this many bits.
    public func sizeOffset(upper: Bool) -> Int { Int(upper ? rawValue[bits: 16...21] : rawValue[bits: 0...5]) }
    /// Returns EPD0 or EPD1: whether a TLB miss causes a Translation fault instead of a translation table walk.
    public func disablesWalks(upper: Bool) -> Bool { rawValue[bit: upper ? 23 : 7] }
    /// Returns TBI0 or TBI1: whether the top byte of an address is ignored.
    public func ignoresTopByte(upper: Bool) -> Bool { rawValue[bit: upper ? 38 : 37] }
    /// Returns HPD0 or HPD1: whether hierarchical permissions are disabled.
    public func disablesHierarchy(upper: Bool) -> Bool { rawValue[bit: upper ? 42 : 41] }
    /// Returns TBID0 or TBID1: whether TBI0 or TBI1 applies to data addresses only.
    public func ignoresTopByteOfDataOnly(upper: Bool) -> Bool { rawValue[bit: upper ? 52 : 51] }
    /// Returns E0PD0 or E0PD1: whether every access from EL0 causes a fault.
    public func preventsEL0(upper: Bool) -> Bool { rawValue[bit: upper ? 56 : 55] }
    /// A1: whether the current ASID is that in TTBR1_EL1, not that in TTBR0_EL1.
    public var asidInTTBR1: Bool { rawValue[bit: 22] }
    /// AS: whether ASIDs have 16 bits.
    public var hasWideASID: Bool { rawValue[bit: 36] }
    /// DS: whether addresses have up to 52 bits with the 4 KiB and 16 KiB granules, on a machine with FEAT_LPA2.
    public var ds: Bool { rawValue[bit: 59] }

    /// The output address size of IPS, in bits; a reserved encoding is treated as the largest size.
    public var outputBits: Int { Self.physicalAddressBits(encoding: UInt8(rawValue[bits: 32...34])) }

    /// Returns the granule of TG0 or TG1, whose encodings differ.
    ///
    /// For a reserved value, or a granule that the machine does not have, the architecture lets the implementation
    /// choose: the result is 4 KiB if the machine has it, otherwise 64 KiB or 16 KiB, in this order.
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

    /// Returns the feature that stands for a granule.
    private static func feature(_ granule: TranslationGranule) -> ArchitectureFeatures {
        switch granule {
        case .size4K: .granule4K
        case .size16K: .granule16K
        case .size64K: .granule64K
        }
    }

    /// Returns the current address space identifier (ASID), from the TTBR that A1 selects.
    public func asid(ttbr0: UInt64, ttbr1: UInt64) -> UInt16 {
        let field = UInt16(truncatingIfNeeded: (asidInTTBR1 ? ttbr1 : ttbr0) >> 48)
        return hasWideASID ? field : field & 0xff
    }

    /// Returns the address size that a value of IPS or ID_AA64MMFR0_EL1.PARange encodes, in bits.
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
