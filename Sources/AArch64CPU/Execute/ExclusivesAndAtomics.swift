import AArch64

// Exclusives and FEAT_LSE atomics.
//
// One thread runs all vCPUs and switches between them only between instructions, so a read followed by a write is
// atomic.
extension VCPU {
    func executeSpecial(_ operation: Operation) throws(MemoryAbort) {
        let word = UInt32(truncatingIfNeeded: operation.immediate)
        guard let instruction = Instruction(rawValue: UInt16(truncatingIfNeeded: operation.immediate >> 32)) else {
            return
        }
        let va = state[Int(operation.rn)]
        let size = UInt64(1) << UInt64(word.field(30, 2))
        switch instruction {
        case .clrex:
            clearExclusive()
        case .ldxr, .ldaxr:
            let access = try prepare(va, size: size, element: size, isWrite: false, mustBeAligned: true)
            let value = try read(access, size: size)
            setX(word.register(0), value)
            markExclusive(access.first.physical, size: size, value, 0)
        case .ldxp, .ldaxp:
            let element: UInt64 = word.bit(30) ? 8 : 4
            let access = try prepare(va, size: 2 * element, element: 2 * element, isWrite: false, mustBeAligned: true)
            let (low, high) = (
                try read(access, size: element), try read(access, offset: element, size: element)
            )
            setX(word.register(0), low)
            setX(word.register(10), high)
            let (first, second) = Self.doublewords(low, high, element: element)
            markExclusive(access.first.physical, size: 2 * element, first, second)
        case .stxr, .stlxr:
            try storeExclusive(va, word, element: size, isPair: false)
        case .stxp, .stlxp:
            try storeExclusive(va, word, element: word.bit(30) ? 8 : 4, isPair: true)
        case .casp:
            try compareAndSwapPair(va, word)
        default:
            try modify(va, word, instruction, size: size)
        }
    }

    private func markExclusive(_ physical: UInt64, size: UInt64, _ low: UInt64, _ high: UInt64) {
        state[VCPUState.exclusiveSize] = size
        state[VCPUState.exclusiveAddress] = physical
        state[VCPUState.exclusiveLow] = low
        state[VCPUState.exclusiveHigh] = high
    }

    /// Returns the doublewords that a pair's elements form in memory.
    private static func doublewords(_ low: UInt64, _ high: UInt64, element: UInt64) -> (UInt64, UInt64) {
        element == 4 ? (low | high << 32, 0) : (low, high)
    }

    /// Executes STXR and STXP: stores if this vCPU has marked exactly these bytes and they still have the values it
    /// read.
    ///
    /// Comparing values needs no tracking of every vCPU's stores, so plain stores stay on the fast path. A value that
    /// was changed and changed back is not detected; locks and counters cannot distinguish that from no change.
    private func storeExclusive(_ va: UInt64, _ word: UInt32, element: UInt64, isPair: Bool) throws(MemoryAbort) {
        let size = isPair ? 2 * element : element
        let status = word.register(16)
        guard va & (size - 1) == 0 else {
            throw .fault(MemoryFault(status: MemoryFault.alignment, virtualAddress: va), isWrite: true)
        }
        guard state[VCPUState.exclusiveSize] == size else {
            clearExclusive()
            setX(status, 1)
            return
        }
        let access = try prepare(va, size: size, element: size, isWrite: true)
        let low = try read(access, size: element)
        let high = isPair ? try read(access, offset: element, size: element) : 0
        let (first, second) = Self.doublewords(low, high, element: element)
        let passes =
            state[VCPUState.exclusiveAddress] == access.first.physical && state[VCPUState.exclusiveLow] == first
            && state[VCPUState.exclusiveHigh] == second
        clearExclusive()
        if passes {
            try write(access, size: element, x(word.register(0)))
            if isPair { try write(access, offset: element, size: element, x(word.register(10))) }
        }
        setX(status, passes ? 0 : 1)
    }

    /// Executes CAS, SWP and LD<op>: reads, computes the new value, writes it, and returns the old one in a register.
    ///
    /// A fault is reported as a read's if a read would also fault (ESR_EL1.WnR for atomics).
    private func modify(
        _ va: UInt64, _ word: UInt32, _ instruction: Instruction, size: UInt64
    ) throws(MemoryAbort) {
        let forReading = try prepare(va, size: size, element: size, isWrite: false, mustBeAligned: true)
        let access = try prepare(va, size: size, element: size, isWrite: true, mustBeAligned: true)
        let mask: UInt64 = size == 8 ? .max : (1 << (8 * size)) - 1
        let old = try read(forReading, size: size)
        if instruction == .cas {
            if old == x(word.register(16)) & mask { try write(access, size: size, x(word.register(0)) & mask) }
            setX(word.register(16), old)
            return
        }
        let operand = x(word.register(16)) & mask
        let signBit = mask ^ mask >> 1
        let new: UInt64 =
            switch instruction {
            case .ldadd: old &+ operand
            case .ldclr: old & ~operand
            case .ldeor: old ^ operand
            case .ldset: old | operand
            case .ldsmax: (old ^ signBit) >= (operand ^ signBit) ? old : operand
            case .ldsmin: (old ^ signBit) <= (operand ^ signBit) ? old : operand
            case .ldumax: max(old, operand)
            case .ldumin: min(old, operand)
            default: operand
            }
        try write(access, size: size, new & mask)
        setX(word.register(0), old)
    }

    private func compareAndSwapPair(_ va: UInt64, _ word: UInt32) throws(MemoryAbort) {
        let element: UInt64 = word.bit(30) ? 8 : 4
        let mask: UInt64 = element == 8 ? .max : 0xFFFF_FFFF
        let forReading = try prepare(
            va, size: 2 * element, element: 2 * element, isWrite: false, mustBeAligned: true)
        let access = try prepare(va, size: 2 * element, element: 2 * element, isWrite: true, mustBeAligned: true)
        let (s, t) = (word.register(16), word.register(0))
        let low = try read(forReading, size: element)
        let high = try read(forReading, offset: element, size: element)
        if low == x(s) & mask && high == x(s + 1) & mask {
            try write(access, size: element, x(t) & mask)
            try write(access, offset: element, size: element, x(t + 1) & mask)
        }
        setX(s, low)
        setX(s + 1, high)
    }
}
