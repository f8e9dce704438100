/// KVM's 64-bit ids of an arm64 vCPU's registers, for KVM_GET_ONE_REG and KVM_SET_ONE_REG.
///
/// KVM API, "4.68 KVM_SET_ONE_REG", ARM registers; `struct kvm_regs` in the arm64 `asm/kvm.h`.
public enum KVMRegisterID {
    /// KVM_REG_ARM64.
    private static let arm64: UInt64 = 0x6000_0000_0000_0000
    private static let size32: UInt64 = 0x0020_0000_0000_0000
    private static let size64: UInt64 = 0x0030_0000_0000_0000
    private static let size128: UInt64 = 0x0040_0000_0000_0000
    /// KVM_REG_ARM_CORE and KVM_REG_ARM64_SYSREG.
    private static let coreGroup: UInt64 = 0x0010_0000
    private static let systemGroup: UInt64 = 0x0013_0000
    /// KVM_REG_ARM64_SVE.
    private static let scalableGroup: UInt64 = 0x0015_0000
    private static let size256: UInt64 = 0x0050_0000_0000_0000
    private static let size512: UInt64 = 0x0060_0000_0000_0000
    private static let size2048: UInt64 = 0x0080_0000_0000_0000

    /// A member of `struct kvm_regs` at a byte offset: the id counts in 32-bit words.
    private static func core(offset: UInt64, size: UInt64 = size64) -> UInt64 {
        arm64 | size | coreGroup | offset / 4
    }

    /// x0 to x30.
    public static func x(_ n: Int) -> UInt64 { core(offset: UInt64(truncatingIfNeeded: n & 31) * 8) }
    /// `regs.sp`, which is SP_EL0 whatever the mode.
    public static let spEL0 = core(offset: 248)
    public static let pc = core(offset: 256)
    /// All 64 bits of PSTATE.
    public static let pstate = core(offset: 264)
    public static let spEL1 = core(offset: 272)
    public static let elrEL1 = core(offset: 280)
    /// `spsr[KVM_SPSR_EL1]`.
    public static let spsrEL1 = core(offset: 288)
    /// v0 to v31, 128 bits, at the first 16-byte boundary behind the five SPSRs; not for a vCPU with SVE.
    public static func v(_ n: Int) -> UInt64 {
        core(offset: 336 + UInt64(truncatingIfNeeded: n & 31) * 16, size: size128)
    }
    public static let fpsr = core(offset: 848, size: size32)
    public static let fpcr = core(offset: 852, size: size32)

    /// A register of a vCPU with SVE: the first slice, which has all that the architecture's largest vectors have.
    ///
    /// The value is as a little-endian store would write it, with zeros behind the vCPU's largest length.
    public static func scalable(_ register: ScalableRegister) -> UInt64 {
        switch register {
        case .z(let n): arm64 | size2048 | scalableGroup | UInt64(truncatingIfNeeded: n & 31) << 5
        case .p(let n): arm64 | size256 | scalableGroup | 0x400 | UInt64(truncatingIfNeeded: n & 15) << 5
        case .ffr: arm64 | size256 | scalableGroup | 0x600
        }
    }

    /// KVM_REG_ARM64_SVE_VLS: a bit for each vector length, see ``VectorLengths``.
    public static let vectorLengths = arm64 | size512 | scalableGroup | 0xffff

    /// The id of a system register, or nil for one that is a part of PSTATE (NZCV, DAIF, CurrentEL, SPSel, PAN …).
    ///
    /// Some are members of `kvm_regs`, and the ids of the virtual timer's count and compare value are each other's:
    /// a mistake of the first version that became the interface.
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

    /// The bytes a value of that id has.
    public static func byteCount(of id: UInt64) -> Int {
        1 << Int((id >> 52) & 0xf)
    }
}
