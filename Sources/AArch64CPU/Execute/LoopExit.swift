/// Why the run loop came back.
enum LoopExit: UInt64 {
    /// Look the block at PC up again: an exception, or something that may change what comes next.
    case lookUp
    /// The next block has more instructions than the budget; PC is at its start.
    case budget
    /// ``VCPU/pendingExit`` says what happened.
    case exit
}

extension VCPU {
    /// How the run loop came back, as it left it in the state.
    var loopExit: LoopExit {
        get { LoopExit(rawValue: state[VCPUState.loopExit]) ?? .lookUp }
        set { state[VCPUState.loopExit] = newValue.rawValue }
    }

    func execute(_ first: BlockPointer) -> LoopExit {
        RunLoop.execute(state.slots, first)
        return loopExit
    }

    /// Calls a method of the vCPU whose state `slots` is.
    @inline(__always)
    static func withOwner<Result>(of slots: UnsafeMutablePointer<UInt64>, _ body: (VCPU) -> Result) -> Result {
        // SAFETY: a vCPU puts itself there when it is made, and outlives the run that uses its state.
        let pointer = UnsafeRawPointer(bitPattern: UInt(slots[VCPUState.owner])).unsafelyUnwrapped
        return Unmanaged<VCPU>.fromOpaque(pointer)._withUnsafeGuaranteedRef(body)
    }
}
