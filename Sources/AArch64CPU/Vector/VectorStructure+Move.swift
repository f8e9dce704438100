import AArch64

// The moves between registers and memory, after everything that can fault.
extension VectorStructure {
    /// Executes the instruction `word` on `memory`, which holds all its bytes, without the update of the base register.
    @inline(never)
    static func move(_ slots: UnsafeMutablePointer<UInt64>, _ memory: UnsafeMutableRawPointer, _ word: UInt32) {
        let structure = VectorStructure(word)
        let registers = Registers(slots: slots, first: word.register(0))
        let isLoad = word.bit(22)
        if structure.isWholeRegisters { return structure.moveWhole(registers, memory, isLoad: isLoad) }
        switch structure.elementLog2 {
        case 0: structure.moveElements(registers, memory, isLoad: isLoad, UInt8.self)
        case 1: structure.moveElements(registers, memory, isLoad: isLoad, UInt16.self)
        case 2: structure.moveElements(registers, memory, isLoad: isLoad, UInt32.self)
        default: structure.moveElements(registers, memory, isLoad: isLoad, UInt64.self)
        }
    }

    /// Vt and the registers that follow it; V0 follows V31.
    private struct Registers {
        var slots: UnsafeMutablePointer<UInt64>
        var first: Int

        @inline(__always)
        subscript(index: Int) -> UnsafeMutableRawPointer {
            UnsafeMutableRawPointer(slots + (VCPUState.vectors &+ 2 &* ((first &+ index) & 31)))
        }

        /// Clears a register.
        @inline(__always)
        func clear(_ index: Int) {
            self[index].storeBytes(of: .zero, as: SIMD2<UInt64>.self)
        }
    }

    @inline(__always)
    private func moveWhole(_ registers: Registers, _ memory: UnsafeMutableRawPointer, isLoad: Bool) {
        for index in 0..<registerCount {
            let bytes = memory + index &* registerSize
            if registerSize == 16 {
                move(registers[index], bytes, isLoad: isLoad, SIMD2<UInt64>.self)
            } else {
                if isLoad { registers.clear(index) }
                move(registers[index], bytes, isLoad: isLoad, UInt64.self)
            }
        }
    }

    @inline(__always)
    private func moveElements<T: BitwiseCopyable>(
        _ registers: Registers, _ memory: UnsafeMutableRawPointer, isLoad: Bool, _ type: T.Type
    ) {
        let size = MemoryLayout<T>.size
        let lanes = registerSize / size
        if let lane, !replicates {
            for index in 0..<registerCount {
                move(registers[index] + lane &* size, memory + index &* size, isLoad: isLoad, T.self)
            }
            return
        }
        if isLoad && registerSize == 8 {
            for index in 0..<registerCount { registers.clear(index) }
        }
        for lane in 0..<lanes {
            let structure = memory + (replicates ? 0 : lane &* registerCount &* size)
            for index in 0..<registerCount {
                move(registers[index] + lane &* size, structure + index &* size, isLoad: isLoad, T.self)
            }
        }
    }

    @inline(__always)
    private func move<T: BitwiseCopyable>(
        _ register: UnsafeMutableRawPointer, _ memory: UnsafeMutableRawPointer, isLoad: Bool, _ type: T.Type
    ) {
        if isLoad {
            register.storeBytes(of: memory.loadUnaligned(as: T.self), as: T.self)
        } else {
            memory.storeBytes(of: register.loadUnaligned(as: T.self), as: T.self)
        }
    }
}
