/// A register as a debugger numbers it.
///
/// 0 to 67 are GDB's own numbers for `org.gnu.gdb.aarch64.core` and `.fpu`, the masks of `.pauth_v2` follow; a system
/// register's number is its encoding, 0x8000 and up.
public enum DebuggerRegister: Hashable, Sendable {
    /// x0 to x30.
    case x(Int)
    /// The current stack pointer: SP_EL0 or SP_EL1, see ``PSTATE/usesSPx``.
    case sp
    case pc
    /// The low half of PSTATE.
    case cpsr
    /// v0 to v31, 128 bits.
    case v(Int)
    case fpsr
    case fpcr
    /// Derived from TCR_EL1, and read-only.
    case pointerMask(PointerMaskRegister)
    case system(SystemRegisterEncoding)

    /// The register of a number; nil if there is none, which says nothing about whether the machine has it.
    public init?(number: Int) {
        switch number {
        case 0...30: self = .x(number)
        case 31: self = .sp
        case 32: self = .pc
        case 33: self = .cpsr
        case 34...65: self = .v(number - 34)
        case 66: self = .fpsr
        case 67: self = .fpcr
        case 68...71:
            guard let mask = PointerMaskRegister(rawValue: number - 68) else { return nil }
            self = .pointerMask(mask)
        default:
            guard let encoding = SystemRegisterEncoding(gdbNumber: number) else { return nil }
            self = .system(encoding)
        }
    }

    public var number: Int {
        switch self {
        case .x(let n): n
        case .sp: 31
        case .pc: 32
        case .cpsr: 33
        case .v(let n): 34 + n
        case .fpsr: 66
        case .fpcr: 67
        case .pointerMask(let mask): 68 + mask.rawValue
        case .system(let encoding): encoding.gdbNumber
        }
    }

    /// How many bytes its value has in `p` and `g`.
    public var byteCount: Int {
        switch self {
        case .cpsr, .fpsr, .fpcr: 4
        case .v: 16
        default: 8
        }
    }
}
