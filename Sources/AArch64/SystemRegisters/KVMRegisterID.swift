/// The 64-bit ids of the registers of an arm64 vCPU in KVM_GET_ONE_REG and KVM_SET_ONE_REG.
///
/// KVM API, "4.68 KVM_SET_ONE_REG", ARM registers; `struct kvm_regs` in the arm64 `asm/kvm.h`.
public enum KVMRegisterID {
    /// KVM_REG_ARM64: the architecture, bits 63:56.
    private static let arm64: UInt64 = 0x6000_0000_0000_0000
    private static let size32: UInt64 = 0x0020_0000_0000_0000
    private static let size64: UInt64 = 0x0030_0000_0000_0000
    private static let size128: UInt64 = 0x0040_0000_0000_0000
    /// KVM_REG_ARM_CORE: members of `struct kvm_regs`.
    private static let coreGroup: UInt64 = 0x0010_0000
    /// KVM_REG_ARM64_SYSREG: system registers.
    private static let systemGroup: UInt64 = 0x0013_0000
    /// KVM_REG_ARM64_SVE: SVE registers.
    private static let scalableGroup: UInt64 = 0x0015_0000
    private static let size256: UInt64 = 0x0050_0000_0000_0000
    private static let size512: UInt64 = 0x0060_0000_0000_0000
    private static let size2048: UInt64 = 0x0080_0000_0000_0000

    /// Returns the id of the member of `struct kvm_regs` at a byte offset.
    ///
    /// The id has the offset in units of 32 bits.
    private static func core(offset: UInt64, size: UInt64 = size64) -> UInt64 {
        arm64 | size | coreGroup | offset / 4
    }

    /// Returns the id of x0 to x30.
    public static func x(_ n: Int) -> UInt64 { core(offset: UInt64(truncatingIfNeeded: n & 31) * 8) }
    /// The id of `regs.sp`, which is SP_EL0 in every mode.
    public static let spEL0 = core(offset: 248)
    /// The id of PC.
    public static let pc = core(offset: 256)
    /// The id of PSTATE, with all 64 bits.
    public static let pstate = core(offset: 264)
    /// The id of SP_EL1.
    public static let spEL1 = core(offset: 272)
    /// The id of ELR_EL1.
    public static let elrEL1 = core(offset: 280)
    /// The id of SPSR_EL1, which is `spsr[KVM_SPSR_EL1]`.
    public static let spsrEL1 = core(offset: 288)
    /// Returns the id of v0 to v31, 128 bits, which a vCPU with SVE does not have.
    ///
    /// The registers start at the first 16-byte boundary after the five SPSRs.
    public static func v(_ n: Int) -> UInt64 {
        core(offset: 336 + UInt64(truncatingIfNeeded: n & 31) * 16, size: size128)
    }
    /// The id of FPSR, 32 bits.
    public static let fpsr = core(offset: 848, size: size32)
    /// The id of FPCR, 32 bits.
    public static let fpcr = core(offset: 852, size: size32)

    /// Returns the id of a register of a vCPU with SVE.
    ///
    /// The id selects the first slice, which holds the largest vectors that the architecture allows. The value has the
    /// byte order of a little-endian store, with zeros after the largest vector length of the vCPU.
    public static func scalable(_ register: ScalableRegister) -> UInt64 {
        switch register {
        case .z(let n): arm64 | size2048 | scalableGroup | UInt64(truncatingIfNeeded: n & 31) << 5
        case .p(let n): arm64 | size256 | scalableGroup | 0x400 | UInt64(truncatingIfNeeded: n & 15) << 5
        case .ffr: arm64 | size256 | scalableGroup | 0x600
        }
    }

    /// The id of KVM_REG_ARM64_SVE_VLS, which has a bit for each vector length (``VectorLengths``).
    public static let vectorLengths = arm64 | size512 | scalableGroup | 0xffff

    /// Returns the id of a system register, or nil for one that is part of PSTATE (NZCV, DAIF, CurrentEL, SPSel, PAN
    /// …).
    ///
    /// Some system registers are members of `kvm_regs`. The ids of CNTVCT_EL0 and CNTV_CVAL_EL0 are exchanged, which
    /// was a mistake in the first version of the interface and cannot change.
    public static func systemRegister(_ encoding: SystemRegisterEncoding) -> UInt64? {
        switch encoding {
        case .spEL0: return spEL0
        case .spEL1: return spEL1
        case .elr: return elrEL1
        case .spsr: return spsrEL1
        case .fpcr: return fpcr
        case .fpsr: return fpsr
        case .cntvct: return system(.cntvCVAL)
        case .cntvCVAL: return system(.cntvct)
        case .nzcv, .daif, .currentEL, .spSel, .pan, .uao, .allint, .dit, .ssbs, .tco: return nil
        default: return system(encoding)
        }
    }

    private static func system(_ encoding: SystemRegisterEncoding) -> UInt64 {
        arm64 | size64 | systemGroup | UInt64(encoding.rawValue)
    }

    /// Returns the size of the value of the register with the given id, in bytes.
    public static func byteCount(of id: UInt64) -> Int {
        1 << Int((id >> 52) & 0xf)
    }
}
