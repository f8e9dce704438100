import AArch64

// The slow path of loads and stores of SIMD and floating-point registers: all pages and devices, watchpoints and
// faults.
extension VCPU {
    /// Executes a load or store of one or two registers of 128 bits.
    func accessVector(_ operation: Operation) throws(MemoryAbort) {
        let base = state[Int(operation.rn)]
        switch operation.opcode {
        case .load128, .store128:
            try accessVector(operation, base &+ operation.immediate)
        case .load128WriteBack, .store128WriteBack:
            try accessVector(operation, base &+ operation.accessOffset)
            state[Int(operation.rn)] &+= operation.baseChange
        case .load128Register, .store128Register:
            try accessVector(operation, base &+ state[Int(operation.rm)] &<< UInt64(operation.shift))
        case .loadPair128, .storePair128:
            try accessVector(operation, base &+ operation.immediate, Int(operation.rm))
        default:
            try accessVector(operation, base &+ operation.accessOffset, Int(operation.rm))
            state[Int(operation.rn)] &+= operation.baseChange
        }
    }

    /// Moves whole registers; 128 bits are two accesses of 64 (Arm ARM, B2.2.1).
    ///
    /// All reads precede the first register write.
    private func accessVector(_ operation: Operation, _ va: UInt64, _ second: Int? = nil) throws(MemoryAbort) {
        let isLoad =
            switch operation.opcode {
            case .load128, .load128WriteBack, .load128Register, .loadPair128, .loadPair128WriteBack: true
            default: false
            }
        let count: UInt64 = second == nil ? 2 : 4
        let access = try prepare(va, size: 8 * count, element: 1 << UInt64(operation.ra), isWrite: !isLoad)
        for half in 0..<count {
            let slot = Int(half & 1) + (half < 2 ? Int(operation.rd) : second ?? 0)
            if isLoad {
                state[VCPUState.transfer + Int(half)] = try read(access, offset: 8 * half, size: 8)
            } else {
                try write(access, offset: 8 * half, size: 8, state[slot])
            }
        }
        guard isLoad else { return }
        for half in 0..<Int(count) {
            let slot = half & 1 + (half < 2 ? Int(operation.rd) : second ?? 0)
            state[slot] = state[VCPUState.transfer + half]
        }
    }

    /// Executes LDn, STn and LDnR element by element through ``VCPUState/transfer``, because a device may fail any of
    /// them.
    func accessStructure(_ operation: Operation) throws(MemoryAbort) {
        let word = UInt32(truncatingIfNeeded: operation.immediate)
        let size = UInt64(operation.shift)
        let element: UInt64 = 1 << UInt64(operation.ra)
        let isLoad = word.bit(22)
        let access = try prepare(state[Int(operation.rn)], size: size, element: element, isWrite: !isLoad)
        let bytes = UnsafeMutableRawPointer(state.slots + VCPUState.transfer)
        if !isLoad { VectorStructure.move(state.slots, bytes, word) }
        for offset in stride(from: 0, to: size, by: Int(element)) {
            if isLoad {
                Self.store(bytes + Int(offset), size: element, try read(access, offset: offset, size: element))
            } else {
                try write(access, offset: offset, size: element, Self.load(bytes + Int(offset), size: element))
            }
        }
        if isLoad { VectorStructure.move(state.slots, bytes, word) }
    }
}
