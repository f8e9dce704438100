/// A register as a debugger numbers it.
///
/// The order within each feature is GDB's (GDB manual, "i386 Features"); the system registers follow at
/// ``SystemRegister/firstNumber``. A number means the same with and without AVX, and in every CPU mode.
public enum DebuggerRegister: Hashable, Sendable {
    case general(GeneralRegister)
    case rip
    /// The low half of RFLAGS; the high one is reserved.
    case eflags
    /// A selector.
    case segment(SegmentRegister)
    /// st0 to st7, 80 bits.
    case st(Int)
    case x87(X87Register)
    /// xmm0 to xmm15, 128 bits.
    case xmm(Int)
    case mxcsr
    case fsBase
    case gsBase
    /// The upper halves of ymm0 to ymm15.
    case ymmHigh(Int)
    case system(SystemRegister)

    /// The register of a number; nil if there is none, which says nothing about whether the machine has it.
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

    /// The registers of `g`; the index is the number.
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

    /// How many bytes its value has in `p` and `g`.
    public var byteCount: Int {
        switch self {
        case .general, .rip, .fsBase, .gsBase, .system: 8
        case .eflags, .segment, .x87, .mxcsr: 4
        case .st: 10
        case .xmm, .ymmHigh: 16
        }
    }

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
