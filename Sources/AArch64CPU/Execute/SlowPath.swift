extension VCPU {
    /// Executes in full an operation that the run loop's fast path could not.
    ///
    /// All state that other code can observe is exact: PC is the instruction's address, and the time is that of its
    /// start. Returns the next operation, or nil to end the run loop, with the reason in ``loopExit``.
    @inline(never)
    func slowPath(_ p: OperationPointer, _ block: BlockPointer) -> OperationPointer? {
        // A copy, because a store may replace the first operation of its own block with `dead`.
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

    /// Continues with the next operation, unless attention is requested.
    private func resume(behind p: OperationPointer) -> OperationPointer? {
        guard state[VCPUState.attention] == 0 else {
            completeInstruction(behind: p)
            pc &+= 4
            return leave(.lookUp, executed: 1)
        }
        state[VCPUState.ahead] = 0
        return p + 1
    }

    /// Executes the operations that follow the access of an instruction: the update of the base register, a cleared
    /// upper half.
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

    /// Takes an exception.
    ///
    /// Its instruction counts as one executed instruction.
    private func raise(_ exception: GuestException) -> OperationPointer? {
        take(exception)
        // A caught exception has not been taken.
        return leave(.lookUp, executed: caught == nil ? 1 : 0)
    }

    /// Ends the run loop and returns the budget of the block's instructions that were not executed.
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
            // A stop before the instruction means that it has not been executed.
            switch exit {
            case .guestBreakpoint, .watchpoint, .breakpoint: return leave(.exit, executed: 0)
            default: return leave(.exit, executed: 1)
            }
        }
    }
}
