/// A register as a debugger knows it.
public enum DebuggerRegister: Hashable, Sendable {
    /// x0 to x30.
    case x(Int)
    /// The current stack pointer: SP_EL0 or SP_EL1, see ``PSTATE/usesSPx``.
    case sp
    case pc
    /// The low half of PSTATE.
    case cpsr
    /// v0 to v31, 128 bits, where they are not the low parts of z0 to z31.
    case v(Int)
    case fpsr
    case fpcr
    /// What SVE adds, and makes of v0 to v31.
    case scalable(ScalableRegister)
    /// SVE's vector length in effect, in units of 64 bits: derived from ZCR_EL1, and read-only.
    case vg
    /// Derived from TCR_EL1, and read-only.
    case pointerMask(PointerMaskRegister)
    case system(SystemRegisterEncoding)

    /// Whether its size is the vector length's.
    var isScalable: Bool {
        if case .scalable = self { true } else { false }
    }
}

/// The numbers of a machine's registers, and their sizes.
///
/// 0 to 67 are GDB's own numbers for `org.gnu.gdb.aarch64.core` and `.fpu`; with SVE, 34 to 85 for `.sve`, which takes
/// the place of `.fpu`. The masks of `.pauth_v2` follow, so that `g` has no gap. From 128 on come the system registers in
/// the order of ``SystemRegisterTable/rows``, then those with a second name (``SecondRegisterNames``): numbers without
/// gaps need not be spelled out in `target.xml`, which GDB reads slowly.
public struct RegisterNumbering: Hashable, Sendable {
    /// The vector lengths of a machine with SVE.
    public let vectorLengths: VectorLengths?

    public init(vectorLengths: VectorLengths? = nil) {
        self.vectorLengths = vectorLengths
    }

    /// The register of a number; nil if there is none.
    ///
    /// Whether the machine has signed pointers, or a certain system register, is another question.
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
            // A description has rows of the table only.
            SystemRegisterTable.index(of: encoding).map { Self.firstSystemRegister + $0 } ?? -1
        }
    }

    private static let firstSystemRegister = 128
    private static var firstSecondName: Int { firstSystemRegister + SystemRegisterTable.rows.count }

    /// The number of a register under its second name.
    func number(ofSecondName index: Int) -> Int { Self.firstSecondName + index }

    private var firstMask: Int { vectorLengths == nil ? 68 : 86 }

    /// How many bytes a register's value has in `p` and `g`; of one that depends on the vector length, with the largest.
    public func byteCount(of register: DebuggerRegister) -> Int {
        switch register {
        case .cpsr, .fpsr, .fpcr: 4
        case .v: 16
        case .scalable(let register): register.byteCount(quadwords: vectorLengths?.maximum ?? 1)
        default: 8
        }
    }
}
