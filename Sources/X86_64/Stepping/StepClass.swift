/// The classes of instructions that need different treatment in a step with RFLAGS.TF set.
///
/// During a step, the debugger sets RFLAGS.TF, and also clears RFLAGS.IF if the hypervisor cannot hold interrupts back.
/// The guest must not observe this, so instructions that read, save or load RFLAGS are classified before the step.
/// ``StepFixUp`` has the corrections.
public enum StepClass: Hashable, Sendable {
    /// An instruction that needs no special treatment: the bits of the guest are restored.
    case plain
    /// PUSHF of `size` bytes, which pushes the bits of the debugger.
    case pushesFlags(size: Int)
    /// POPF of `size` bytes, which loads the bits from the stack.
    case popsFlags(size: Int)
    /// IRET with values of `size` bytes, which loads the bits from the stack.
    case interruptReturn(size: Int)
    /// SYSCALL, which saves RFLAGS in R11 and clears the bits of RFLAGS that are set in IA32_FMASK.
    case systemCall
    /// SYSRET, which loads RFLAGS from R11.
    case systemReturn
    /// SYSENTER, which clears IF.
    case systemEnter
    /// CLI.
    case clearsInterruptFlag
    /// STI.
    case setsInterruptFlag
    /// INT n, INT3 and INT1, which push RFLAGS, clear TF, and clear IF if the gate is an interrupt gate.
    ///
    /// Because TF is cleared, no trap follows the instruction.
    case softwareInterrupt(vector: UInt8)
    /// HLT, MWAIT and MWAITX, which must not be executed, because the vCPU may wait forever.
    ///
    /// To continue at the next instruction is an outcome that the architecture permits.
    case waits
    /// MOV SS and POP SS, which delay the trap until after the next instruction (SDM volume 3A, 6.8.3).
    case blocksTraps
    /// A string instruction with a repeat prefix, which traps after each iteration.
    case repeats
}

/// The properties of the instruction at PC that a step depends on.
public struct StepInstruction: Hashable, Sendable {
    /// The maximum length of an instruction, in bytes (SDM volume 2A, 2.3.11).
    public static let maximumLength = 15

    /// The class of the instruction.
    public var stepClass: StepClass
    /// The length of the instruction in bytes, or nil for a class of which the length is not needed.
    public var length: Int?
    /// Whether the instruction may read the time-stamp counter: RDTSC, RDTSCP or RDMSR.
    public var readsTime: Bool

    /// Whether the instruction enters a handler of the guest and may clear TF on the way.
    ///
    /// No trap follows then, so the step must stop at the handler by means of a breakpoint.
    public var entersHandler: Bool {
        switch stepClass {
        // SYSENTER does not change TF.
        case .systemCall, .softwareInterrupt: true
        default: false
        }
    }

    /// Classifies the instruction that starts with the given bytes.
    ///
    /// An instruction that is truncated or has more than 15 bytes is plain, because it causes a fault.
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

/// A decoder of the prefixes, the opcode and the byte after it.
private struct StepDecoder {
    let bytes: [UInt8]
    let codeSize: CodeSize
    var position = 0
    var hasOperandSizePrefix = false
    var repeats = false
    var hasREXW = false
    var readsTime = false

    /// Consumes the next byte; nil if there is none.
    private mutating func next() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// Consumes the legacy prefixes, in any order, and a REX prefix, and returns the first byte of the opcode.
    ///
    /// SDM volume 2A, 2.1.1 and 2.2.1.
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

    /// Returns the class of the instruction, or nil if the bytes end too early.
    ///
    /// SDM volume 2, the page of each instruction.
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

    /// Classifies an instruction with an opcode of two bytes, of which the first, 0F, has been consumed.
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

    /// Classifies an instruction with the opcode 0F 01 by the byte that follows.
    private mutating func classifyGroup7() -> StepClass? {
        switch next() {
        // MWAIT and AMD's MWAITX.
        case 0xc9, 0xfb: .waits
        // RDTSCP.
        case 0xf9: timeRead()
        case nil: nil
        default: .plain
        }
    }

    /// Records that the instruction may read the time-stamp counter, and returns the class `plain`.
    private mutating func timeRead() -> StepClass {
        readsTime = true
        return .plain
    }

    /// Returns the operand size of the instruction, in bytes.
    private func size(defaultsTo64: Bool) -> Int {
        codeSize.operandSize(
            hasOperandSizePrefix: hasOperandSizePrefix, hasREXW: hasREXW, defaultsTo64: defaultsTo64)
    }
}
