import TestSupport

/// Makes random sequences that both implementations must agree on.
///
/// Every memory access goes to a known place: the generator follows which registers hold known addresses, and loads
/// others from the literal pool. Branches go forward, or back in loops that are counted.
struct SequenceGenerator {
    var random: SeededRandom
    let seed: UInt64
    let number: Int
    /// The words so far; literals are patched in `finish`.
    var words: [UInt32] = []
    /// LDR (literal) words and what they must load.
    var literals: [(word: Int, value: UInt64)] = []
    var pinned: Set<Int> = []
    /// Registers whose value is known here; 31 is SP.
    var known: [UInt32: UInt64] = [:]
    /// Registers nothing may write now: loop counters, the link of a subroutine.
    var reserved: Set<UInt32> = []
    /// LDR, LDRSW and PRFM (literal) words that take whatever the pool holds.
    var looseLiterals: [Int] = []
    /// LDR (literal, SIMD&FP) words.
    var vectorLiterals: [Int] = []
    var executesWhatItWrote = false
    /// How many of a hundred groups are of floating point and Advanced SIMD.
    private var vectorShare = 0

    init(seed: UInt64, number: Int) {
        self.seed = seed
        self.number = number
        random = SeededRandom(seed: seed ^ (UInt64(number) &* 0xd134_2543_de82_ef95))
    }

    /// The sequence with this number: it depends on nothing else.
    static func sequence(seed: UInt64, number: Int) -> TestSequence {
        var generator = SequenceGenerator(seed: seed, number: number)
        return generator.make()
    }

    private mutating func make() -> TestSequence {
        words.append(Encoding(Self.clearExclusive).word)
        vectorShare = [0, 45, 45, 90][random.below(4)]
        // One form in turn, so that none is left to chance.
        emit(Self.allForms[number % Self.allForms.count])
        let length = 10 + random.below(24)
        while words.count < length { emitGroup(depth: 0) }
        if random.chance(4) { emitWildAccess() }
        return finish()
    }

    /// Emits one unit: an instruction with what it needs, or a piece of control flow.
    mutating func emitGroup(depth: Int) {
        if random.chance(vectorShare) { return emitVectorGroup() }
        switch random.below(100) {
        case 0..<40: emit(pick(Self.plainForms))
        // Fresh values: those that are computed soon all look like noise.
        case 40..<47:
            let register = UInt32(random.below(6))
            if !reserved.contains(register) { loadLoose(into: register) }
        case 47..<70: emit(pick(Self.memoryForms))
        case 70..<77: emit(pick(InstructionForm.atomics))
        case 77..<82: emitExclusivePair()
        case 82..<86: emit(pick(InstructionForm.system))
        case 86..<96: emitForwardBranch(depth: depth)
        case 96..<98 where depth == 0: emitLoop()
        case 98 where depth == 0: emitSubroutine()
        case 99 where depth == 0: emitWrittenCode()
        default: emit(pick(Self.plainForms))
        }
    }

    /// Emits `form`, filled, with whatever makes it safe.
    mutating func emit(_ form: InstructionForm) {
        switch form.role {
        case .plain:
            if form.name.hasPrefix("DC") || form.name.hasPrefix("IC") {
                emitCacheMaintenance(form)
            } else if form.name.hasPrefix("MSR FP") {
                emitFloatingPointControl(form)
            } else {
                append(fill(form))
            }
        case .memory(let memory): emitMemory(form, memory)
        case .exclusiveStore(let memory): emitExclusivePair(store: form, memory)
        case .literal:
            looseLiterals.append(words.count)
            append(fill(form))
        case .vectorLiteral: emit(form, setting: [])
        case .branch, .branchToRegister: emitForwardBranch(form, depth: 1)
        }
    }

    mutating func pick(_ forms: [InstructionForm]) -> InstructionForm { forms[random.below(forms.count)] }

    /// Appends an instruction and forgets what it overwrites.
    mutating func append(_ encoding: Encoding) {
        words.append(encoding.word)
        for register in writtenRegisters(encoding) { known[register] = nil }
    }

    /// The registers an encoding may write; 31 stands for SP, and is named too often rather than too seldom.
    func writtenRegisters(_ encoding: Encoding) -> [UInt32] {
        var registers = encoding.form.writes.map { field -> UInt32 in
            encoding.form.field(field)?.width == 4 ? encoding[field] << 1 : encoding[field]
        }
        if encoding.form.name.hasPrefix("CASP") { registers += registers.map { $0 | 1 } }
        if case .branch(_, links: true) = encoding.form.role { registers.append(30) }
        if case .branchToRegister(links: true) = encoding.form.role { registers.append(30) }
        return registers
    }

    /// Fills the fields until the form accepts them and no reserved register is written.
    mutating func fill(_ form: InstructionForm, setting: [(String, UInt32)] = []) -> Encoding {
        for _ in 0..<10_000 {
            var encoding = Encoding(form)
            for field in form.fields { encoding[field.name] = fieldValue(field) }
            for (name, value) in setting { encoding[name] = value }
            if form.accepts(encoding), !writtenRegisters(encoding).contains(where: reserved.contains) {
                return encoding
            }
        }
        preconditionFailure("\(form.name) can't be filled with \(setting)")
    }

    private mutating func fieldValue(_ field: InstructionForm.Field) -> UInt32 {
        if field.name.hasPrefix("R") { return UInt32(registerNumber()) & field.mask }
        if field.name.hasPrefix("V") { return UInt32(vectorRegisterNumber()) }
        switch random.below(8) {
        case 0: return 0
        case 1: return field.mask
        case 2: return 1
        case 3: return 1 << (field.width - 1)
        default: return UInt32(truncatingIfNeeded: random.next()) & field.mask
        }
    }

    /// A register, with a few that meet often and 31 more than its share.
    mutating func registerNumber() -> Int {
        switch random.below(10) {
        case 0: 31
        case 1...4: random.below(6)
        default: random.below(32)
        }
    }

    /// A register that may be written, none of `others`, never 31.
    mutating func freeRegister(besides others: [UInt32] = []) -> UInt32 {
        while true {
            let register = UInt32(random.below(31))
            if !reserved.contains(register), !others.contains(register) { return register }
        }
    }

    /// Loads a known value into a register by LDR (literal).
    mutating func load(_ value: UInt64, into register: UInt32) {
        literals.append((words.count, value))
        append(Encoding(Self.loadLiteral, word: Self.loadLiteral.fixedBits | register))
        known[register] = value
    }

    private mutating func loadLoose(into register: UInt32) {
        looseLiterals.append(words.count)
        append(Encoding(Self.loadLiteral, word: Self.loadLiteral.fixedBits | register))
    }

    private mutating func finish() -> TestSequence {
        let terminator = words.count
        words.append(TestSequence.terminatorWord)
        if words.count % 2 == 1 { words.append(TestSequence.terminatorWord) }
        func patch(_ word: Int, target: Int) {
            words[word] = (words[word] & ~(0x7ffff << 5)) | (UInt32(truncatingIfNeeded: target - word) & 0x7ffff) << 5
        }
        for literal in literals {
            patch(literal.word, target: words.count)
            words.append(UInt32(truncatingIfNeeded: literal.value))
            words.append(UInt32(truncatingIfNeeded: literal.value >> 32))
        }
        for word in looseLiterals {
            patch(word, target: words.count)
            let value = random.interestingValue()
            words.append(UInt32(truncatingIfNeeded: value))
            words.append(UInt32(truncatingIfNeeded: value >> 32))
        }
        for word in vectorLiterals {
            patch(word, target: words.count)
            let value = random.interestingVector()
            for half in [value.0, value.1] {
                words.append(UInt32(truncatingIfNeeded: half))
                words.append(UInt32(truncatingIfNeeded: half >> 32))
            }
        }
        let initial = InitialState(
            registers: (0..<31).map { _ in random.interestingValue() }, sp: random.interestingValue(),
            nzcv: UInt64(random.below(16)) << 28, tpidr: random.next(),
            floatingPoint: FloatingPointState(
                halves: random.vectorRegisters(), fpcr: random.floatingPointControl(),
                fpsr: random.floatingPointStatus()),
            memory: (0..<AddressSpace.windowSize / 16).flatMap { _ in
                let value =
                    random.chance(50)
                    ? random.interestingVector() : (random.interestingValue(), random.interestingValue())
                return [value.0, value.1].flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
            })
        return TestSequence(
            seed: seed, number: number, words: words, terminator: terminator, pinned: pinned, initial: initial,
            executesWhatItWrote: executesWhatItWrote)
    }
}

extension SequenceGenerator {
    static let clearExclusive = form("CLREX")
    static let loadLiteral = form("LDR (literal, 64-bit)")
    static let plainForms =
        InstructionForm.dataProcessing
        + InstructionForm.loadsAndStores.filter { if case .literal = $0.role { true } else { false } }
    static let memoryForms = InstructionForm.loadsAndStores.filter {
        if case .literal = $0.role { false } else { true }
    }
    /// The forms whose access to unmapped memory is a fault.
    static let faultingForms =
        memoryForms.filter { !$0.name.hasPrefix("PRF") } + InstructionForm.atomics
        + InstructionForm.vectorLoadsAndStores
    static let vectorForms =
        InstructionForm.floatingPoint + InstructionForm.advSIMDFloatingPoint + InstructionForm.advSIMD
        + InstructionForm.vectorLoadsAndStores + InstructionForm.vectorLiterals
        + InstructionForm.floatingPointStatus + InstructionForm.floatingPointControl
    /// Every form the generator knows.
    static let allForms =
        InstructionForm.dataProcessing + InstructionForm.loadsAndStores + InstructionForm.atomics
        + InstructionForm.exclusiveLoads + InstructionForm.exclusiveStores + InstructionForm.branches
        + InstructionForm.system + InstructionForm.cacheMaintenance + [InstructionForm.zeroBlock]
        + vectorForms

    static func form(_ name: String) -> InstructionForm {
        guard let form = allForms.first(where: { $0.name == name }) else { preconditionFailure("no form \(name)") }
        return form
    }
}
