import TestSupport

/// Loads and stores whose address is known to lie in the window.
extension SequenceGenerator {
    /// Emits a load or store, its base from the literal pool or a register whose value is known.
    mutating func emitMemory(_ form: InstructionForm, _ memory: MemoryForm) {
        if random.chance(40), let encoding = encodingOnKnownBase(form, memory) {
            append(encoding, memory)
            return
        }
        while true {
            let encoding = fill(form)
            guard let plan = plan(encoding, memory) else { continue }
            if let index = plan.index { load(index.value, into: index.register) }
            setBase(encoding["Rn"], to: plan.base, besides: plan.index.map { [$0.register] } ?? [])
            append(encoding, memory)
            return
        }
    }

    /// Appends a memory instruction; a base that is written back stays known.
    mutating func append(_ encoding: Encoding, _ memory: MemoryForm) {
        let base = known[encoding["Rn"]]
        append(encoding)
        // After a post-index by a register the base is anywhere.
        guard memory.addressing.writesBack, memory.addressing != .structurePostRegister, let base else { return }
        known[encoding["Rn"]] = base &+ UInt64(bitPattern: displacement(encoding, memory))
    }

    private struct Plan {
        var base: UInt64
        var index: (register: UInt32, value: UInt64)?
    }

    /// Where the base must point so that the access falls into the window; nil if these fields don't allow it.
    private mutating func plan(_ encoding: Encoding, _ memory: MemoryForm) -> Plan? {
        let base = encoding["Rn"]
        guard !reserved.contains(base) else { return nil }
        var plan = Plan(base: 0)
        var offset = displacement(encoding, memory)
        if memory.addressing == .registerOffset {
            let register = encoding["Rm"]
            guard register != base, !reserved.contains(register) else { return nil }
            let value = register == 31 ? 0 : random.interestingValue()
            if register != 31 { plan.index = (register, value) }
            let extended: Int64 =
                switch encoding["option"] {
                case 2: Int64(value & 0xffff_ffff)
                case 6: Int64(Int32(truncatingIfNeeded: value))
                default: Int64(bitPattern: value)
                }
            offset = encoding["S"] == 1 ? extended << Int64(memory.sizeLog2) : extended
        }
        var target = randomTarget(memory)
        if !memory.addressing.isPost { target = target &- UInt64(bitPattern: offset) }
        if base == 31 { target &= ~15 }
        let access = memory.addressing.isPost ? target : target &+ UInt64(bitPattern: offset)
        guard fits(access, memory) else { return nil }
        // TBI: the top byte is the program's own. Not in SP, whose value is compared with care enough already.
        if target >> 56 == 0, base != 31, random.chance(10) { target |= random.next() & 0xff00_0000_0000_0000 }
        plan.base = target
        return plan
    }

    private mutating func encodingOnKnownBase(_ form: InstructionForm, _ memory: MemoryForm) -> Encoding? {
        guard memory.addressing != .registerOffset else { return nil }
        let bases = known.keys.sorted()
        guard !bases.isEmpty else { return nil }
        let base = bases[random.below(bases.count)]
        guard let value = known[base], base == 31 ? value & 15 == 0 : true else { return nil }
        for _ in 0..<4 {
            var encoding = fill(form)
            encoding["Rn"] = base
            let target = randomTarget(memory)
            if !memory.addressing.isPost, memory.addressing != .base {
                let distance = Int64(bitPattern: (target &- value) << 8) >> 8
                guard setDisplacement(&encoding, memory, distance) else { continue }
            }
            let offset = memory.addressing.isPost ? 0 : displacement(encoding, memory)
            if form.accepts(encoding), !writtenRegisters(encoding).contains(where: reserved.contains),
                fits((value &+ UInt64(bitPattern: offset)) & 0xff_ffff_ffff_ffff, memory)
            {
                return encoding
            }
        }
        return nil
    }

    /// Puts a value into a base register; SP goes by way of another.
    mutating func setBase(_ register: UInt32, to value: UInt64, besides others: [UInt32] = []) {
        guard register == 31 else { return load(value, into: register) }
        let temporary = freeRegister(besides: others)
        load(value, into: temporary)
        var move = Encoding(Self.form("ADD (immediate)"))
        move["sf"] = 1
        move["Rn"] = temporary
        move["Rd"] = 31
        append(move)
        known[31] = value
    }

    /// The immediate offset in bytes.
    func displacement(_ encoding: Encoding, _ memory: MemoryForm) -> Int64 {
        switch memory.addressing {
        case .base, .registerOffset, .structurePostRegister: 0
        case .structurePostImmediate: Int64(memory.bytes)
        case .unsignedOffset: Int64(encoding["imm12"]) << Int64(memory.sizeLog2)
        case .unscaled, .preIndex, .postIndex: encoding.signed("imm9")
        case .pairOffset, .pairPreIndex, .pairPostIndex: encoding.signed("imm7") << Int64(memory.sizeLog2)
        }
    }

    private func setDisplacement(_ encoding: inout Encoding, _ memory: MemoryForm, _ distance: Int64) -> Bool {
        switch memory.addressing {
        case .unsignedOffset: encoding["imm12"] = UInt32(truncatingIfNeeded: distance >> Int64(memory.sizeLog2))
        case .unscaled, .preIndex, .postIndex: encoding["imm9"] = UInt32(truncatingIfNeeded: distance)
        default: encoding["imm7"] = UInt32(truncatingIfNeeded: distance >> Int64(memory.sizeLog2))
        }
        return displacement(encoding, memory) == distance
    }

    /// An address in the window: anywhere for ordinary accesses, often across the border of the two pages.
    mutating func randomTarget(_ memory: MemoryForm) -> UInt64 {
        let room = AddressSpace.windowSize - memory.bytes + 1
        var offset = random.below(room)
        if random.chance(25) { offset = AddressSpace.windowSize / 2 - memory.bytes + random.below(memory.bytes + 1) }
        if memory.isAligned || random.chance(40) { offset &= ~(memory.bytes - 1) }
        return AddressSpace.window + UInt64(offset)
    }

    private func fits(_ address: UInt64, _ memory: MemoryForm) -> Bool {
        guard address >= AddressSpace.window, address + UInt64(memory.bytes) <= AddressSpace.windowEnd else {
            return false
        }
        return !memory.isAligned || address % UInt64(memory.bytes) == 0
    }

    /// DC and IC by address; DC ZVA writes its block, so its address lies where a whole one fits.
    mutating func emitCacheMaintenance(_ form: InstructionForm) {
        let register = freeRegister()
        load(AddressSpace.window + UInt64(random.below(AddressSpace.windowSize)), into: register)
        append(fill(form, setting: [("Rt", register)]))
    }

    /// An access to where nothing is, as the last instruction: the fault must leave everything as it was.
    mutating func emitWildAccess() {
        let form = pick(Self.faultingForms)
        guard case .memory(let memory) = form.role else { return }
        let places: [UInt64] = [
            0, AddressSpace.windowPages - AddressSpace.pageSize,
            AddressSpace.windowPages + AddressSpace.windowPageCount * AddressSpace.pageSize, 0x3f_ffff_f000,
            0x40_0000_0000,
            0x3fff_ffff_0000,
        ]
        while true {
            let encoding = fill(form)
            guard let base = self.plan(encoding, memory), base.index == nil, memory.addressing != .registerOffset else {
                if memory.addressing == .registerOffset { return }
                continue
            }
            let place = places[random.below(places.count)] + UInt64(random.below(64)) * 16 + 16
            let offset = memory.addressing.isPost ? 0 : displacement(encoding, memory)
            let value = place &- UInt64(bitPattern: offset)
            if encoding["Rn"] == 31 && value & 15 != 0 { continue }
            setBase(encoding["Rn"], to: value)
            append(encoding)
            return
        }
    }
}
