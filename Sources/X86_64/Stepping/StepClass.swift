/// What an instruction does to a step that is made with RFLAGS.TF, and where need be without RFLAGS.IF.
///
/// The bits are the debugger's for the time of the step. That is invisible to the guest only if the instructions that
/// show RFLAGS, save it or load it are known beforehand: see ``StepFixUp``.
public enum StepClass: Hashable, Sendable {
    /// Nothing special: the guest's own bits are put back.
    case plain
    /// PUSHF of so many bytes: the bits are in what was pushed.
    case pushesFlags(size: Int)
    /// POPF: the bits come from the stack.
    case popsFlags(size: Int)
    /// IRET with fields of so many bytes: likewise.
    case interruptReturn(size: Int)
    /// SYSCALL: RFLAGS goes to R11, and loses what IA32_FMASK has.
    case systemCall
    /// SYSRET: RFLAGS comes from R11.
    case systemReturn
    /// SYSENTER clears IF; SYSEXIT changes no flag.
    case systemEnter
    case clearsInterruptFlag
    case setsInterruptFlag
    /// INT n, INT3 and INT1: RFLAGS is pushed, TF and, by an interrupt gate, IF are cleared. No trap follows.
    case softwareInterrupt(vector: UInt8)
    /// HLT and its relatives: must not be executed, for they may sleep for ever; going on behind is a legal outcome.
    case waits
    /// MOV SS and POP SS: the trap comes behind the next instruction (SDM volume 3A, 6.8.3).
    case blocksTraps
    /// A string instruction with a repeat prefix: the trap comes after each iteration.
    case repeats
}

/// An instruction at PC, as far as a step has to know it.
public struct StepInstruction: Hashable, Sendable {
    /// The most bytes an instruction has (SDM volume 2A, 2.3.11).
    public static let maximumLength = 15

    public var stepClass: StepClass
    /// The bytes it has; nil for a class that doesn't need to know.
    public var length: Int?
    /// Whether it may read the time-stamp counter: RDTSC, RDTSCP and RDMSR.
    public var readsTime: Bool

    /// Whether it clears TF on its way to where the guest says, so that no trap follows: a step must stop there by a
    /// breakpoint.
    public var entersHandler: Bool {
        switch stepClass {
        // SYSENTER leaves TF alone.
        case .systemCall, .softwareInterrupt: true
        default: false
        }
    }

    /// Classifies the instruction that begins with these bytes.
    ///
    /// What is cut short or has more than 15 bytes is plain: it faults.
    public init(_ bytes: some Sequence<UInt8>, codeSize: CodeSize) {
        var decoder = StepDecoder(bytes: Array(bytes.prefix(Self.maximumLength)), codeSize: codeSize)
        stepClass = decoder.classify() ?? .plain
        readsTime = decoder.readsTime
        switch stepClass {
        case .plain, .blocksTraps, .repeats: length = nil
        default: length = decoder.position
        }
    }
}

/// Prefixes, opcode and ModRM, no farther.
private struct StepDecoder {
    let bytes: [UInt8]
    let codeSize: CodeSize
    var position = 0
    var hasOperandSizePrefix = false
    var repeats = false
    var hasREXW = false
    var readsTime = false

    private mutating func next() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// Legacy prefixes in any order, then REX (SDM volume 2A, 2.1.1 and 2.2.1); the result is the opcode's first byte.
    private mutating func opcode() -> UInt8? {
        while let byte = next() {
            switch byte {
            case 0x66:
                hasOperandSizePrefix = true
                hasREXW = false
            case 0xf2, 0xf3:
                repeats = true
                hasREXW = false
            case 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x67, 0xf0: hasREXW = false
            case 0x40...0x4f where codeSize == .bits64: hasREXW = byte & 8 != 0
            default: return byte
            }
        }
        return nil
    }

    /// SDM volume 2, the instructions' own pages.
    mutating func classify() -> StepClass? {
        guard let opcode = opcode() else { return nil }
        switch opcode {
        case 0x9c: return .pushesFlags(size: size(defaultsTo64: true))
        case 0x9d: return .popsFlags(size: size(defaultsTo64: true))
        case 0xcf: return .interruptReturn(size: size(defaultsTo64: false))
        case 0xfa: return .clearsInterruptFlag
        case 0xfb: return .setsInterruptFlag
        case 0xf4: return .waits
        case 0xcc: return .softwareInterrupt(vector: 3)
        case 0xf1: return .softwareInterrupt(vector: 1)
        case 0xcd: return next().map { .softwareInterrupt(vector: $0) }
        // MOV Sreg, r/m with SS; POP SS.
        case 0x8e: return next().map { $0 >> 3 & 7 == 2 ? .blocksTraps : .plain }
        case 0x17: return codeSize == .bits64 ? .plain : .blocksTraps
        // INS, OUTS, MOVS, CMPS, STOS, LODS, SCAS.
        case 0x6c...0x6f, 0xa4...0xa7, 0xaa...0xaf: return repeats ? .repeats : .plain
        case 0x0f: return classifyTwoBytes()
        default: return .plain
        }
    }

    private mutating func classifyTwoBytes() -> StepClass? {
        switch next() {
        case 0x05: .systemCall
        case 0x07: .systemReturn
        case 0x34: .systemEnter
        case 0x31, 0x32: timeRead()
        case 0x01: classifyGroup7()
        case nil: nil
        default: .plain
        }
    }

    private mutating func classifyGroup7() -> StepClass? {
        switch next() {
        // MWAIT, and AMD's MWAITX.
        case 0xc9, 0xfb: .waits
        // RDTSCP.
        case 0xf9: timeRead()
        case nil: nil
        default: .plain
        }
    }

    private mutating func timeRead() -> StepClass {
        readsTime = true
        return .plain
    }

    private func size(defaultsTo64: Bool) -> Int {
        codeSize.operandSize(
            hasOperandSizePrefix: hasOperandSizePrefix, hasREXW: hasREXW, defaultsTo64: defaultsTo64)
    }
}
