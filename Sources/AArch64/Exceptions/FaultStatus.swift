import NumberText

/// A fault status code: the six bits of DFSC or IFSC that identify the fault of an abort.
///
/// Arm ARM, DDI 0487, ESR_EL1, "ISS encoding for an exception from a Data Abort".
public struct FaultStatus: Hashable, Sendable {
    /// The code, 0 to 0x3f.
    public var code: UInt8

    /// Creates a status from the low six bits of `code`.
    @inlinable
    public init(code: UInt8) {
        self.code = code & 0x3f
    }

    /// A synchronous External abort that is not on a translation table walk.
    public static let externalAbort = FaultStatus(code: 0x10)
    /// An Alignment fault.
    public static let alignment = FaultStatus(code: 0x21)
    /// The code of Breakpoint, Watchpoint and Software Step exceptions.
    public static let debug = FaultStatus(code: 0x22)
    /// An exclusive or atomic access to memory that does not support it.
    public static let unsupportedAtomic = FaultStatus(code: 0x35)

    /// The fault described for the user.
    public var text: String {
        let level = Int(code & 3)
        switch code {
        case 0x00...0x03: return "address size fault, level \(level)"
        case 0x04...0x07: return "translation fault, level \(level)"
        case 0x08...0x0b: return "access flag fault, level \(level)"
        case 0x0c...0x0f: return "permission fault, level \(level)"
        case 0x10: return "synchronous external abort"
        case 0x11: return "synchronous tag check fault"
        case 0x13: return "synchronous external abort on a walk, level -1"
        case 0x14...0x17: return "synchronous external abort on a walk, level \(level)"
        case 0x18: return "synchronous parity or ECC error"
        case 0x1c...0x1f: return "synchronous parity or ECC error on a walk, level \(level)"
        case 0x21: return "alignment fault"
        case 0x22: return "debug exception"
        case 0x29: return "address size fault, level -1"
        case 0x2b: return "translation fault, level -1"
        case 0x30: return "TLB conflict abort"
        case 0x31: return "unsupported atomic hardware update"
        case 0x34: return "implementation defined fault (lockdown)"
        case 0x35: return "unsupported exclusive or atomic access"
        default: return "fault status \(hexadecimal(code))"
        }
    }
}
