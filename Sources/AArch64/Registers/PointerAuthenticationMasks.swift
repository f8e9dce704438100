/// The bits of a signed pointer that hold its pointer authentication code, for each half of the address space.
///
/// The code occupies the bits between the address and the tag, and the top byte as well if pointers have no tag. Bit 55
/// is not part of the code, because it selects the half. Arm ARM, DDI 0487, D8.10 "Pointer authentication";
/// `CalculateBottomPACBit`.
public struct PointerAuthenticationMasks: Hashable, Sendable {
    /// The mask for data pointers (keys DA and DB) to the lower half.
    public let data: UInt64
    /// The mask for data pointers to the upper half.
    public let dataUpper: UInt64
    /// The mask for instruction pointers (keys IA and IB) to the lower half.
    ///
    /// With TBID0 set, the code includes the top byte also if data pointers have a tag there.
    public let code: UInt64
    /// The mask for instruction pointers to the upper half, which depends on TBID1.
    public let codeUpper: UInt64

    /// Computes the masks from TCR_EL1.
    public init(tcr: TCR, features: ArchitectureFeatures) {
        func masks(upper: Bool) -> (data: UInt64, code: UInt64) {
            let table = TranslationTable(
                tcr: tcr, ttbr: 0, upper: upper, features: features, physicalAddressBits: 48)
            let low = UInt64.mask(55) & ~UInt64.mask(Int(table.inputBits))
            let top: UInt64 = 0xff << 56
            return (
                table.ignoresTopByteOfData ? low : low | top, table.ignoresTopByteOfFetch ? low : low | top
            )
        }
        (data, code) = masks(upper: false)
        (dataUpper, codeUpper) = masks(upper: true)
    }

    /// The value of a register of `org.gnu.gdb.aarch64.pauth_v2`.
    public subscript(_ register: PointerMaskRegister) -> UInt64 {
        switch register {
        case .data: data
        case .code: code
        case .dataUpper: dataUpper
        case .codeUpper: codeUpper
        }
    }
}

/// The registers of `org.gnu.gdb.aarch64.pauth_v2`, in the order of their numbers (GDB manual, "AArch64 Features").
public enum PointerMaskRegister: Int, CaseIterable, Sendable {
    /// Masks for data and instruction pointers to the lower half, then for those to the upper half.
    case data, code, dataUpper, codeUpper

    /// The name in the target description.
    public var name: String {
        switch self {
        case .data: "pauth_dmask"
        case .code: "pauth_cmask"
        case .dataUpper: "pauth_dmask_high"
        case .codeUpper: "pauth_cmask_high"
        }
    }
}
