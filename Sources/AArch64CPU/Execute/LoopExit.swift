/// The reason why the run loop ended.
enum LoopExit: UInt64 {
    /// The block at PC must be looked up: after an exception, or an event that may affect the next instruction.
    case lookUp
    /// The next block has more instructions than the budget; PC is at its start.
    case budget
    /// ``VCPU/pendingExit`` has the reason to end the run.
    case exit
}

extension VCPU {
    /// The reason why the run loop ended, which it stores in the state.
    var loopExit: LoopExit {
        get { LoopExit(rawValue: state[VCPUState.loopExit]) ?? .lookUp }
        set { state[VCPUState.loopExit] = newValue.rawValue }
    }

    func execute(_ first: BlockPointer) -> LoopExit {
        RunLoop.execute(state.slots, first)
        return loopExit
    }

    /// Calls `body` with the vCPU that owns the state `slots`.
    @inline(__always)
    static func withOwner<Result>(of slots: UnsafeMutablePointer<UInt64>, _ body: (VCPU) -> Result) -> Result {
        // SAFETY: a vCPU stores its address there when it is made, and outlives the run that uses its state.
        let pointer = UnsafeRawPointer(bitPattern: UInt(slots[VCPUState.owner])).unsafelyUnwrapped
        return Unmanaged<VCPU>.fromOpaque(pointer)._withUnsafeGuaranteedRef(body)
    }
}
