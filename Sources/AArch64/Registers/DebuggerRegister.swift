/// A register of the target description.
public enum DebuggerRegister: Hashable, Sendable {
    /// x0 to x30.
    case x(Int)
    /// The current stack pointer, SP_EL0 or SP_EL1 (``PSTATE/usesSPx``).
    case sp
    /// The program counter.
    case pc
    /// The lower half of PSTATE.
    case cpsr
    /// v0 to v31, 128 bits, on a machine without SVE.
    case v(Int)
    /// The floating-point status register.
    case fpsr
    /// The floating-point control register.
    case fpcr
    /// A register whose size depends on the vector length, on a machine with SVE.
    case scalable(ScalableRegister)
    /// The SVE vector length in effect, in units of 64 bits, which is derived from ZCR_EL1 and read-only.
    case vg
    /// A pointer authentication mask, which is derived from TCR_EL1 and read-only.
    case pointerMask(PointerMaskRegister)
    /// A system register.
    case system(SystemRegisterEncoding)

    /// Whether the size of the register depends on the vector length.
    var isScalable: Bool {
        if case .scalable = self { true } else { false }
    }
}

/// The numbers and the sizes of the registers of a machine.
///
/// Numbers 0 to 67 are GDB's for `org.gnu.gdb.aarch64.core` and `.fpu`. With SVE, `.sve` takes the place of `.fpu` with
/// numbers 34 to 85. The masks of `.pauth_v2` follow without a gap, because `g` must not have one. The system registers
/// start at 128 in the order of ``SystemRegisterTable/rows``, followed by second names (``SecondRegisterNames``).
/// Consecutive numbers keep `target.xml`, which GDB reads slowly, short.
public struct RegisterNumbering: Hashable, Sendable {
    /// The vector lengths of a machine with SVE; nil without SVE.
    public let vectorLengths: VectorLengths?

    /// Creates the numbering of a machine.
    public init(vectorLengths: VectorLengths? = nil) {
        self.vectorLengths = vectorLengths
    }

    /// Returns the register with the given number, or nil if no register has it.
    ///
    /// The result does not depend on whether the machine has pointer authentication or the system register.
    public func register(_ number: Int) -> DebuggerRegister? {
        let hasSVE = vectorLengths != nil
        switch number {
        case 0...30: return .x(number)
        case 31: return .sp
        case 32: return .pc
        case 33: return .cpsr
        case 34...65: return hasSVE ? .scalable(.z(number - 34)) : .v(number - 34)
        case 66: return .fpsr
        case 67: return .fpcr
        case 68...83 where hasSVE: return .scalable(.p(number - 68))
        case 84 where hasSVE: return .scalable(.ffr)
        case 85 where hasSVE: return .vg
        case firstMask...(firstMask + 3):
            return PointerMaskRegister(rawValue: number - firstMask).map { .pointerMask($0) }
        case Self.firstSystemRegister..<Self.firstSecondName:
            return .system(SystemRegisterTable.rows[number - Self.firstSystemRegister].encoding)
        case Self.firstSecondName..<(Self.firstSecondName + SecondRegisterNames.rows.count):
            return .system(SecondRegisterNames.rows[number - Self.firstSecondName].encoding)
        default:
            return nil
        }
    }

    /// Returns the number of a register; -1 for a system register that is not in ``SystemRegisterTable``.
    public func number(of register: DebuggerRegister) -> Int {
        switch register {
        case .x(let n): n
        case .sp: 31
        case .pc: 32
        case .cpsr: 33
        case .v(let n), .scalable(.z(let n)): 34 + n
        case .fpsr: 66
        case .fpcr: 67
        case .scalable(.p(let n)): 68 + n
        case .scalable(.ffr): 84
        case .vg: 85
        case .pointerMask(let mask): firstMask + mask.rawValue
        case .system(let encoding):
            // A description contains only registers from the table.
            SystemRegisterTable.index(of: encoding).map { Self.firstSystemRegister + $0 } ?? -1
        }
    }

    /// The number of the first system register.
    private static let firstSystemRegister = 128
    /// The number of the first second name.
    private static var firstSecondName: Int { firstSystemRegister + SystemRegisterTable.rows.count }

    /// Returns the number of the element of ``SecondRegisterNames/rows`` at `index`.
    func number(ofSecondName index: Int) -> Int { Self.firstSecondName + index }

    /// The number of the first pointer authentication mask.
    private var firstMask: Int { vectorLengths == nil ? 68 : 86 }

    /// Returns the size of a register in `p` and `g` packets, in bytes.
    ///
    /// A register whose size depends on the vector length has the size for the largest length of the machine.
    public func byteCount(of register: DebuggerRegister) -> Int {
        switch register {
        case .cpsr, .fpsr, .fpcr: 4
        case .v: 16
        case .scalable(let register): register.byteCount(quadwords: vectorLengths?.maximum ?? 1)
        default: 8
        }
    }
}
