import TestSupport

/// Branches, loops, calls, and exclusive pairs.
extension SequenceGenerator {
    mutating func emitForwardBranch(depth: Int) {
        emitForwardBranch(pick(InstructionForm.branches), depth: depth)
    }

    /// A branch over one to three groups; what they overwrite is unknown after them.
    mutating func emitForwardBranch(_ form: InstructionForm, depth: Int) {
        let links: Bool
        let branch: Int
        var address: Int?
        switch form.role {
        case .branch(_, let link):
            links = link
            if link, reserved.contains(30) { return }
            branch = words.count
            append(fill(form))
        case .branchToRegister(let link):
            links = link
            if link, reserved.contains(30) { return }
            let register = freeRegister(besides: link ? [30] : [])
            address = words.count
            append(Encoding(Self.form("ADR"), word: Self.form("ADR").fixedBits | register))
            branch = words.count
            append(fill(form, setting: [("Rn", register)]))
        default: return
        }
        _ = links
        let before = known
        for _ in 0...random.below(3) {
            if depth < 2 { emitGroup(depth: depth + 1) } else { emit(pick(Self.plainForms)) }
        }
        // Only what is known on both ways is known here.
        known = known.filter { before[$0.key] == $0.value }
        if let address {
            pinned.insert(address)
            patch(address, field: ("immlo", "immhi"), form: Self.form("ADR"), distance: (words.count - address) * 4)
        } else if case .branch(let field, _) = form.role {
            var encoding = Encoding(form, word: words[branch])
            encoding[field] = UInt32(truncatingIfNeeded: words.count - branch)
            words[branch] = encoding.word
        }
    }

    private mutating func patch(_ word: Int, field: (String, String), form: InstructionForm, distance: Int) {
        var encoding = Encoding(form, word: words[word])
        encoding[field.0] = UInt32(truncatingIfNeeded: distance) & 3
        encoding[field.1] = UInt32(truncatingIfNeeded: distance >> 2)
        words[word] = encoding.word
    }

    /// A counted loop: 1 to 6 rounds of a body that doesn't touch the counter.
    mutating func emitLoop() {
        let counter = freeRegister()
        var move = Encoding(Self.form("MOVZ"))
        move["sf"] = 1
        move["imm16"] = UInt32(1 + random.below(6))
        move["Rd"] = counter
        pinned.insert(words.count)
        append(move)
        // The second round starts from other values than the first.
        known = [:]
        reserved.insert(counter)
        let start = words.count
        for _ in 0...random.below(4) { emitGroup(depth: 1) }
        reserved.remove(counter)
        let setsFlags = random.chance(50)
        var decrement = Encoding(Self.form(setsFlags ? "SUBS (immediate)" : "SUB (immediate)"))
        decrement["sf"] = 1
        decrement["imm12"] = 1
        decrement["Rn"] = counter
        decrement["Rd"] = counter
        pinned.insert(words.count)
        append(decrement)
        var branch = Encoding(Self.form(setsFlags ? "B.cond" : "CBNZ"))
        branch["sf"] = 1
        branch["cond"] = 1
        branch["Rt"] = counter
        branch["imm19"] = UInt32(truncatingIfNeeded: start - words.count)
        if setsFlags { branch["cond"] = 1 }
        pinned.insert(words.count)
        words.append(branch.word)
        known = [:]
    }

    /// `B over; f: body; RET; over: BL f; …; BL f`.
    mutating func emitSubroutine() {
        guard !reserved.contains(30) else { return }
        let over = words.count
        pinned.insert(over)
        words.append(Self.form("B").fixedBits)
        known = [:]
        reserved.insert(30)
        let start = words.count
        for _ in 0...random.below(3) { emitGroup(depth: 1) }
        reserved.remove(30)
        pinned.insert(words.count)
        words.append(Self.form("RET").fixedBits | 30 << 5)
        words[over] |= UInt32(words.count - over)
        for _ in 0...random.below(2) {
            known = [:]
            pinned.insert(words.count)
            words.append(Self.form("BL").fixedBits | (UInt32(truncatingIfNeeded: start - words.count) & 0x3ff_ffff))
            known = [:]
            emit(pick(Self.plainForms))
        }
    }

    /// Writes an instruction and a RET, does the cache maintenance the manual wants, and calls them; twice or three times
    /// at the same place, with another instruction.
    mutating func emitWrittenCode() {
        guard !reserved.contains(30) else { return }
        executesWhatItWrote = true
        let base = freeRegister(besides: [30])
        pinned.insert(words.count)
        load(AddressSpace.writableCode + UInt64(random.below(1000)) * 4, into: base)
        reserved.insert(base)
        for _ in 0...(1 + random.below(2)) {
            reserved.insert(30)
            let written = fill(pick(InstructionForm.dataProcessing))
            reserved.remove(30)
            let value = freeRegister()
            pinned.formUnion(words.count...(words.count + 1))
            load(UInt64(written.word) | UInt64(Self.form("RET").fixedBits | 30 << 5) << 32, into: value)
            append(Encoding(Self.form("STR (64-bit) (unscaled)"), word: 0xf800_0000 | base << 5 | value))
            append(fill(Self.form("DC CVAU"), setting: [("Rt", base)]))
            append(fill(Self.form("DSB"), setting: [("CRm", 11)]))
            append(fill(Self.form("IC IVAU"), setting: [("Rt", base)]))
            append(fill(Self.form("DSB"), setting: [("CRm", 11)]))
            append(fill(Self.form("ISB"), setting: [("CRm", 15)]))
            append(fill(Self.form("BLR"), setting: [("Rn", base)]))
            known = [:]
        }
        reserved.remove(base)
    }

    mutating func emitExclusivePair() {
        let store = pick(InstructionForm.exclusiveStores)
        guard case .exclusiveStore(let memory) = store.role else { return }
        emitExclusivePair(store: store, memory)
    }

    /// A load-exclusive, instructions that touch no memory, and the store; sometimes the monitor is lost on the way.
    ///
    /// The load has the store's size and address: with others success is IMPLEMENTATION DEFINED.
    mutating func emitExclusivePair(store: InstructionForm, _ memory: MemoryForm) {
        let loads = InstructionForm.exclusiveLoads.filter {
            if case .memory(let load) = $0.role {
                load.sizeLog2 == memory.sizeLog2 && load.count == memory.count
            } else {
                false
            }
        }
        let base = freeRegister()
        load(randomTarget(memory), into: base)
        reserved.insert(base)
        if random.chance(85) {
            append(fill(pick(loads), setting: [("Rn", base)]))
            for _ in 0..<random.below(3) {
                // LDR (literal) reads memory, which may lose the monitor on some implementations.
                append(fill(pick(InstructionForm.dataProcessing)))
            }
            // Whether a store of one's own loses the monitor is IMPLEMENTATION DEFINED; both sides decide by the value.
            if random.chance(20) {
                let width = ["STRB", "STRH", "STR (32-bit)", "STR (64-bit)"][memory.sizeLog2]
                let element = UInt32(random.below(memory.count))
                append(fill(Self.form(width + " (unsigned offset)"), setting: [("Rn", base), ("imm12", element)]))
            }
            if random.chance(15) { append(Encoding(Self.clearExclusive)) }
        } else {
            append(Encoding(Self.clearExclusive))
        }
        append(fill(store, setting: [("Rn", base)]))
        reserved.remove(base)
        append(Encoding(Self.clearExclusive))
    }
}
