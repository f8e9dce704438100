/// A register of the target description.
///
/// The order of the registers of each feature is that of GDB (GDB manual, "i386 Features"). The numbers of the system
/// registers start at ``SystemRegister/firstNumber``. A number stands for the same register with and without AVX, and
/// in every CPU mode.
public enum DebuggerRegister: Hashable, Sendable {
    /// A general-purpose register.
    case general(GeneralRegister)
    /// The instruction pointer.
    case rip
    /// The lower half of RFLAGS; the upper half is reserved.
    case eflags
    /// A segment selector.
    case segment(SegmentRegister)
    /// An x87 register, st0 to st7, 80 bits.
    case st(Int)
    /// An x87 control register.
    case x87(X87Register)
    /// An SSE register, xmm0 to xmm15, 128 bits.
    case xmm(Int)
    /// The SSE control and status register.
    case mxcsr
    /// The base address of FS.
    case fsBase
    /// The base address of GS.
    case gsBase
    /// The upper half of an AVX register, ymm0 to ymm15, 128 bits.
    case ymmHigh(Int)
    /// A system register.
    case system(SystemRegister)

    /// Creates the register with the given number; nil if no register has it.
    ///
    /// The result does not depend on whether the machine has the register.
    public init?(number: Int) {
        guard number >= 0 else { return nil }
        if number < Self.table.count {
            self = Self.table[number]
        } else if let register = SystemRegister(rawValue: number - SystemRegister.firstNumber) {
            self = .system(register)
        } else {
            return nil
        }
    }

    /// The registers in `g` packets; the index is the number.
    static let table: [DebuggerRegister] = {
        var table = GeneralRegister.allCases.map { Self.general($0) }
        table += [.rip, .eflags]
        table += SegmentRegister.allCases.map { .segment($0) }
        table += (0..<8).map { .st($0) }
        table += X87Register.allCases.map { .x87($0) }
        table += (0..<16).map { .xmm($0) }
        table += [.mxcsr, .fsBase, .gsBase]
        table += (0..<16).map { .ymmHigh($0) }
        return table
    }()

    /// The number in the target description.
    public var number: Int {
        switch self {
        case .general(let register): register.rawValue
        case .rip: 16
        case .eflags: 17
        case .segment(let register): 18 + register.rawValue
        case .st(let index): 24 + index
        case .x87(let register): 32 + register.rawValue
        case .xmm(let index): 40 + index
        case .mxcsr: 56
        case .fsBase: 57
        case .gsBase: 58
        case .ymmHigh(let index): 59 + index
        case .system(let register): register.number
        }
    }

    /// The size of the register in `p` and `g` packets, in bytes.
    public var byteCount: Int {
        switch self {
        case .general, .rip, .fsBase, .gsBase, .system: 8
        case .eflags, .segment, .x87, .mxcsr: 4
        case .st: 10
        case .xmm, .ymmHigh: 16
        }
    }

    /// The name in the target description.
    public var name: String {
        switch self {
        case .general(let register): register.name
        case .segment(let register): register.name
        case .st(let index): "st\(index)"
        case .x87(let register): register.name
        case .xmm(let index): "xmm\(index)"
        case .fsBase: "fs_base"
        case .gsBase: "gs_base"
        case .ymmHigh(let index): "ymm\(index)h"
        case .system(let register): register.name
        case .rip: "rip"
        case .eflags: "eflags"
        case .mxcsr: "mxcsr"
        }
    }
}
