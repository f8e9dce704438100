/// Which bits of a signed pointer are its authentication code, in each half of the address space.
///
/// The code is in the bits between the address and the tag, and without a tag in the top byte too; bit 55 still chooses
/// the half (Arm ARM, DDI 0487, D8.10 "Pointer authentication"; `CalculateBottomPACBit`).
public struct PointerAuthenticationMasks: Hashable, Sendable {
    /// For pointers to data (keys DA and DB), lower and upper half.
    public let data: UInt64
    public let dataUpper: UInt64
    /// For pointers to code (keys IA and IB), for which TBID0 and TBID1 may give the tag's bits to the code.
    public let code: UInt64
    public let codeUpper: UInt64

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

    /// The mask that a register of `org.gnu.gdb.aarch64.pauth_v2` has.
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
    case data, code, dataUpper, codeUpper

    public var name: String {
        switch self {
        case .data: "pauth_dmask"
        case .code: "pauth_cmask"
        case .dataUpper: "pauth_dmask_high"
        case .codeUpper: "pauth_cmask_high"
        }
    }
}
