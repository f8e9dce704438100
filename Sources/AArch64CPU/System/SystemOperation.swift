import AArch64

/// The instructions of the SYS space that are implemented without EL2, EL3 and later extensions.
///
/// Arm ARM, "op0==0b01, cache maintenance, TLB maintenance, and address translation instructions".
enum SystemOperation: Equatable {
    /// AT S1E1R, S1E1W, S1E0R and S1E0W.
    case translate(isWrite: Bool, isUnprivileged: Bool)
    /// DC CVAC, CVAU, CIVAC and IC IVAU: no effect, but the address must be mapped.
    case maintainByAddress
    /// DC IVAC: no effect, but the address must be writable.
    case invalidateByAddress
    /// DC ISW, CSW, CISW, IC IALLU and IALLUIS: no effect.
    case maintainAll
    /// DC ZVA.
    case zeroBlock
    /// TLBI VMALLE1 and ASIDE1.
    case invalidateTLB(isInnerShareable: Bool)
    /// TLBI VAE1, VAAE1, VALE1 and VAALE1.
    case invalidateTLBByAddress(isInnerShareable: Bool)

    /// Decodes an encoding with op0 1; nil is UNDEFINED.
    init?(_ encoding: SystemRegisterEncoding) {
        switch (encoding.op1, encoding.crn, encoding.crm, encoding.op2) {
        case (0, 7, 1, 0), (0, 7, 5, 0), (0, 7, 6, 2), (0, 7, 10, 2), (0, 7, 14, 2): self = .maintainAll
        case (0, 7, 6, 1): self = .invalidateByAddress
        case (3, 7, 5, 1), (3, 7, 10, 1), (3, 7, 11, 1), (3, 7, 14, 1): self = .maintainByAddress
        case (3, 7, 4, 1): self = .zeroBlock
        case (0, 7, 8, 0...3): self = .translate(isWrite: encoding.op2 & 1 != 0, isUnprivileged: encoding.op2 & 2 != 0)
        case (0, 8, 3, 0), (0, 8, 3, 2): self = .invalidateTLB(isInnerShareable: true)
        case (0, 8, 7, 0), (0, 8, 7, 2): self = .invalidateTLB(isInnerShareable: false)
        case (0, 8, 3, 1), (0, 8, 3, 3), (0, 8, 3, 5), (0, 8, 3, 7):
            self = .invalidateTLBByAddress(isInnerShareable: true)
        case (0, 8, 7, 1), (0, 8, 7, 3), (0, 8, 7, 5), (0, 8, 7, 7):
            self = .invalidateTLBByAddress(isInnerShareable: false)
        default: return nil
        }
    }

    /// Whether the operation can be enabled at EL0; if not, it is UNDEFINED there.
    var isForEL0: Bool {
        switch self {
        case .maintainByAddress, .zeroBlock: true
        default: false
        }
    }
}
