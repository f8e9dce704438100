// The slow path of loads and stores of general-purpose registers: all pages and devices, watchpoints and faults.
extension VCPU {
    func executeLoadOrStore(_ operation: Operation) throws(MemoryAbort) {
        let base = state[Int(operation.rn)]
        let number = Int(operation.opcode.rawValue)
        if number >= Int(Opcode.loadStructure.rawValue) {
            try accessStructure(operation)
        } else if number >= Int(Opcode.load128.rawValue) {
            try accessVector(operation)
        } else if operation.opcode == .unprivileged {
            guard let kind = AccessKind(rawValue: operation.shift) else { return }
            try access(operation, kind, base &+ operation.immediate, isUnprivileged: actsAsEL0WhenUnprivileged)
        } else if number >= Int(Opcode.loadPair32.rawValue) {
            let distance = number - Int(Opcode.loadPair32.rawValue)
            guard let kind = PairKind(rawValue: UInt8(distance % PairKind.count)) else { return }
            let writesBack = distance >= PairKind.count
            try accessPair(operation, kind, writesBack ? base &+ operation.accessOffset : base &+ operation.immediate)
            if writesBack { state[Int(operation.rn)] &+= operation.baseChange }
        } else {
            let distance = number - Int(Opcode.load8.rawValue)
            guard let kind = AccessKind(rawValue: UInt8(distance % AccessKind.count)) else { return }
            switch distance / AccessKind.count {
            case 0:
                try access(operation, kind, base &+ operation.immediate)
            case 1:
                try access(operation, kind, base &+ operation.accessOffset)
                state[Int(operation.rn)] &+= operation.baseChange
            default:
                try access(operation, kind, base &+ state[Int(operation.rm)] &<< UInt64(operation.shift))
            }
        }
    }

    private func access(
        _ operation: Operation, _ kind: AccessKind, _ va: UInt64, isUnprivileged: Bool = false
    ) throws(MemoryAbort) {
        let size = kind.size
        let access = try prepare(
            va, size: size, element: operation.elementSize ?? size, isWrite: kind.isStore,
            isUnprivileged: isUnprivileged)
        if kind.isStore {
            try write(access, size: size, state[Int(operation.rd)])
        } else {
            state[Int(operation.rd)] = kind.extended(try read(access, size: size))
        }
    }

    private func accessPair(_ operation: Operation, _ kind: PairKind, _ va: UInt64) throws(MemoryAbort) {
        let size = kind.size
        let element = operation.elementSize ?? size
        let access = try prepare(va, size: 2 * size, element: element, isWrite: kind.isStore)
        if kind.isStore {
            try write(access, size: size, state[Int(operation.rd)])
            try write(access, offset: size, size: size, state[Int(operation.rm)])
            return
        }
        var first = try read(access, size: size)
        var second = try read(access, offset: size, size: size)
        if kind == .loadSigned32 {
            first = AccessKind.loadSigned32x64.extended(first)
            second = AccessKind.loadSigned32x64.extended(second)
        }
        state[Int(operation.rd)] = first
        state[Int(operation.rm)] = second
    }

    /// Executes DC ZVA, which zeroes the block of 64 bytes that contains `va`.
    ///
    /// The caller has checked that DC ZVA is permitted.
    package func zeroBlock(at va: UInt64) -> SystemOutcome {
        let start = va & ~63
        do throws(MemoryAbort) {
            // FAR is the address in the operand, not that of the block.
            let access: PreparedAccess
            do throws(MemoryAbort) {
                access = try prepare(start, size: 64, element: 1, isWrite: true)
            } catch {
                guard case .fault(var fault, let isWrite) = error else { throw error }
                fault.virtualAddress = va
                throw .fault(fault, isWrite: isWrite)
            }
            if access.first.flags & TranslationBank.TagFlags.alignedOnly != 0 && isDeviceMemory(start) {
                throw .fault(MemoryFault(status: MemoryFault.alignment, virtualAddress: va), isWrite: true)
            }
            for offset: UInt64 in stride(from: 0, to: 64, by: 8) { try write(access, offset: offset, size: 8, 0) }
            return .next
        } catch {
            switch error {
            case .fault(let fault, let isWrite):
                take(.dataAbort(fault, isWrite: isWrite))
                return .branched
            case .watchpoint(let point, let address):
                return .exit(.watchpoint(point: point, address: address))
            }
        }
    }

    /// Whether `va` is Device memory, where DC ZVA faults.
    private func isDeviceMemory(_ va: UInt64) -> Bool {
        let access = MemoryAccess(.write, isUnprivileged: exceptionLevel == 0)
        return (try? translate(va, access))?.isDevice ?? false
    }
}

extension Operation {
    /// The size in bytes that a load or store of V registers must be aligned to; nil for other registers.
    ///
    /// For LD1 and ST1 it is less than a register's size.
    var elementSize: UInt64? {
        Int(rd) >= VCPUState.vectors ? 1 << UInt64(ra) : nil
    }

    /// The offset that an operation with write-back adds to the base for the access.
    var accessOffset: UInt64 { UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: immediate))) }
    /// The amount that an operation with write-back adds to the base register.
    var baseChange: UInt64 { UInt64(bitPattern: Int64(bitPattern: immediate) >> 32) }
}
