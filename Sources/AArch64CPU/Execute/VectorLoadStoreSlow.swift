import AArch64

// Loads and stores of SIMD and floating-point registers in full: any page, any device, watchpoints and faults.
extension VCPU {
    /// The operations of 128 bits.
    func accessVector(_ operation: Operation) throws(MemoryAbort) {
        let base = state[Int(operation.rn)]
        let first = Int(operation.rd)
        switch operation.opcode {
        case .load128, .store128:
            try accessVector(operation, base &+ operation.immediate, [first])
        case .load128WriteBack, .store128WriteBack:
            try accessVector(operation, base &+ operation.accessOffset, [first])
            state[Int(operation.rn)] &+= operation.baseChange
        case .load128Register, .store128Register:
            try accessVector(operation, base &+ state[Int(operation.rm)] &<< UInt64(operation.shift), [first])
        case .loadPair128, .storePair128:
            try accessVector(operation, base &+ operation.immediate, [first, Int(operation.rm)])
        default:
            try accessVector(operation, base &+ operation.accessOffset, [first, Int(operation.rm)])
            state[Int(operation.rn)] &+= operation.baseChange
        }
    }

    /// Moves whole registers: 128 bits are two accesses of 64 (Arm ARM, B2.2.1), and all is read before any is written.
    private func accessVector(_ operation: Operation, _ va: UInt64, _ slots: [Int]) throws(MemoryAbort) {
        let isLoad =
            switch operation.opcode {
            case .load128, .load128WriteBack, .load128Register, .loadPair128, .loadPair128WriteBack: true
            default: false
            }
        let access = try prepare(
            va, size: 16 * UInt64(slots.count), element: 1 << UInt64(operation.ra), isWrite: !isLoad)
        var loaded: [UInt64] = []
        for (index, slot) in slots.enumerated() {
            for half in 0...1 {
                let offset = UInt64(16 * index + 8 * half)
                if isLoad {
                    loaded.append(try read(access, offset: offset, size: 8))
                } else {
                    try write(access, offset: offset, size: 8, state[slot + half])
                }
            }
        }
        guard isLoad else { return }
        for (index, slot) in slots.enumerated() {
            state[slot] = loaded[2 * index]
            state[slot + 1] = loaded[2 * index + 1]
        }
    }

    /// LDn, STn and LDnR: element by element.
    func accessStructure(_ operation: Operation) throws(MemoryAbort) {
        let word = UInt32(truncatingIfNeeded: operation.immediate)
        let structure = VectorStructure(word)
        let isLoad = word.bit(22)
        let size = UInt64(1) << UInt64(structure.elementLog2)
        let access = try prepare(
            state[Int(operation.rn)], size: UInt64(structure.byteCount), element: size, isWrite: !isLoad)
        let first = word.register(0)
        guard isLoad else {
            for index in 0..<structure.elementCount {
                let place = structure.place(index)
                let value = lane(first + place.register, place.lane, sizeLog2: structure.elementLog2)
                try write(access, offset: UInt64(index) << UInt64(structure.elementLog2), size: size, value)
            }
            return
        }
        // All is read before any register changes: a device may still refuse.
        var loaded: [UInt64] = []
        for index in 0..<structure.elementCount {
            loaded.append(try read(access, offset: UInt64(index) << UInt64(structure.elementLog2), size: size))
        }
        if structure.lane == nil || structure.replicates {
            for register in 0..<structure.registerCount { setV(first + register, (0, 0)) }
        }
        for (index, value) in loaded.enumerated() {
            let place = structure.place(index)
            if structure.replicates {
                for lane in 0..<structure.registerSize >> structure.elementLog2 {
                    setLane(first + place.register, lane, sizeLog2: structure.elementLog2, value)
                }
            } else {
                setLane(first + place.register, place.lane, sizeLog2: structure.elementLog2, value)
            }
        }
    }

    /// Where an element is: its slot and its lowest bit there.
    private func place(_ register: Int, _ lane: Int, sizeLog2: Int) -> (slot: Int, shift: UInt64) {
        let byte = lane << sizeLog2
        return (VCPUState.vectors + 2 * (register & 31) + byte >> 3, UInt64(byte & 7) * 8)
    }

    private func lane(_ register: Int, _ lane: Int, sizeLog2: Int) -> UInt64 {
        let place = place(register, lane, sizeLog2: sizeLog2)
        return state[place.slot] >> place.shift
    }

    private func setLane(_ register: Int, _ lane: Int, sizeLog2: Int, _ value: UInt64) {
        let place = place(register, lane, sizeLog2: sizeLog2)
        let mask: UInt64 = sizeLog2 == 3 ? .max : (1 << (8 << UInt64(sizeLog2))) - 1
        state[place.slot] = state[place.slot] & ~(mask << place.shift) | (value & mask) << place.shift
    }
}
