extension VCPU {
    /// Does one operation over in full, for when the run loop's fast path could not.
    ///
    /// Everything the outside may look at is exact here: PC is the instruction's, and the time that of its beginning.
    /// Gives the operation to go on with, or nil when the run loop is to be left, with ``loopExit`` saying why.
    @inline(never)
    func slowPath(_ p: OperationPointer, _ block: BlockPointer) -> OperationPointer? {
        // A copy: a store may turn the first operation of its own block into `dead`.
        let operation = p.pointee
        let index = UInt64(operation.index)
        pc = block.pointee.virtualAddress &+ 4 &* index
        state[VCPUState.ahead] = block.pointee.count - index
        do throws(MemoryAbort) {
            switch operation.opcode {
            case .dead:
                return leave(.lookUp, executed: 0)
            case .breakpoint:
                pendingExit = .breakpoint
                return leave(.exit, executed: 0)
            case .undefined:
                return raise(.undefined)
            case .checkFloatingPoint:
                return raise(.floatingPointAccess)
            case .checkStack:
                return raise(.stackPointerAlignment)
            case .checkAligned:
                let fault = MemoryFault(status: MemoryFault.alignment, virtualAddress: state[Int(operation.rn)])
                return raise(.dataAbort(fault, isWrite: operation.shift != 0))
            case .system, .systemEnd:
                return executeSystem(operation, p)
            case .yield:
                pc &+= 4
                pendingExit = .yield
                return leave(.exit, executed: 1)
            case .jump, .jumpLink:
                pc = state[Int(operation.rn)]
                if operation.opcode == .jumpLink { state[30] = operation.immediate }
                return leave(.lookUp, executed: 1)
            case .special:
                try executeSpecial(operation)
            default:
                try executeLoadOrStore(operation)
            }
        } catch {
            switch error {
            case .fault(let fault, let isWrite):
                return raise(.dataAbort(fault, isWrite: isWrite))
            case .watchpoint(let point, let address):
                pendingExit = .watchpoint(point: point, address: address)
                return leave(.exit, executed: 0)
            }
        }
        return resume(behind: p)
    }

    /// Goes on behind an instruction that is done, unless something wants the outer loop's attention.
    private func resume(behind p: OperationPointer) -> OperationPointer? {
        guard state[VCPUState.attention] == 0 else {
            completeInstruction(behind: p)
            pc &+= 4
            return leave(.lookUp, executed: 1)
        }
        state[VCPUState.ahead] = 0
        return p + 1
    }

    /// Executes what is left of an instruction behind its access: the base register's change, a cleared upper half.
    private func completeInstruction(behind p: OperationPointer) {
        var next = p + 1
        while next.pointee.index == p.pointee.index {
            let operation = next.pointee
            switch operation.opcode {
            case .moveImmediate: state[Int(operation.rd)] = operation.immediate
            case .move64: state[Int(operation.rd)] = state[Int(operation.rm)]
            case .addImmediate64: state[Int(operation.rd)] = state[Int(operation.rn)] &+ operation.immediate
            case .add64: state[Int(operation.rd)] = state[Int(operation.rn)] &+ state[Int(operation.rm)]
            default: return
            }
            next += 1
        }
    }

    /// Takes an exception, which counts as one executed instruction.
    private func raise(_ exception: GuestException) -> OperationPointer? {
        take(exception)
        // One that is caught has not been taken.
        return leave(.lookUp, executed: caught == nil ? 1 : 0)
    }

    /// Gives back the budget of the block's instructions that were not executed.
    private func leave(_ exit: LoopExit, executed: UInt64) -> OperationPointer? {
        state[VCPUState.budget] &+= state[VCPUState.ahead] &- executed
        state[VCPUState.ahead] = 0
        loopExit = exit
        return nil
    }

    private func executeSystem(_ operation: Operation, _ p: OperationPointer) -> OperationPointer? {
        switch executeSystemInstruction(UInt32(truncatingIfNeeded: operation.immediate)) {
        case .next:
            if operation.opcode == .system { return resume(behind: p) }
            pc &+= 4
            return leave(.lookUp, executed: 1)
        case .branched:
            return leave(.lookUp, executed: caught == nil ? 1 : 0)
        case .exit(let exit):
            pendingExit = exit
            // What stops in front of its instruction has not executed it.
            switch exit {
            case .guestBreakpoint, .watchpoint, .breakpoint: return leave(.exit, executed: 0)
            default: return leave(.exit, executed: 1)
            }
        }
    }
}
