/// What to write after a step that was made with PSTATE.DAIF masked, so that the guest can't tell.
public struct StepFixUp: Hashable, Sendable {
    /// What a vCPU has after the step.
    public struct State: Hashable, Sendable {
        public var pc: UInt64
        public var pstate: PSTATE
        public var elr: UInt64
        public var spsr: UInt64
        public var vbar: UInt64

        public init(pc: UInt64, pstate: PSTATE, elr: UInt64, spsr: UInt64, vbar: UInt64) {
            self.pc = pc
            self.pstate = pstate
            self.elr = elr
            self.spsr = spsr
            self.vbar = vbar
        }
    }

    /// PSTATE to write; nil: right as it is.
    public var pstate: PSTATE?
    /// SPSR_EL1 to write.
    public var spsr: UInt64?
    /// The general-purpose register to write, 0 to 30.
    public var register: UInt8?
    /// What to write into it.
    public var registerValue: UInt64

    init(pstate: PSTATE? = nil, spsr: UInt64? = nil, register: UInt8? = nil, registerValue: UInt64 = 0) {
        self.pstate = pstate
        self.spsr = spsr
        self.register = register
        self.registerValue = registerValue
    }

    /// Works out what must be put right.
    ///
    /// - Parameters:
    ///   - instruction: the class of the word that was at `pc`.
    ///   - pc: where the step began.
    ///   - own: the guest's own PSTATE, before DAIF was masked.
    ///   - after: what the vCPU has now.
    public static func after(
        _ instruction: StepClass, pc: UInt64, own: PSTATE, state after: State
    ) -> StepFixUp {
        // Whatever the instruction was, it may have taken an exception: then the masked DAIF is in SPSR_EL1, and the
        // handler's own is all ones, as it must be.
        if tookException(pc: pc, own: own, state: after) {
            var saved = PSTATE(rawValue: after.spsr)
            guard saved.daif != own.daif else { return StepFixUp() }
            saved.daif = own.daif
            return StepFixUp(spsr: saved.rawValue)
        }
        var daif = own.daif
        var result = StepFixUp()
        switch instruction {
        case .exceptionReturn, .writesDAIF: return result
        case .setsDAIF(let mask): daif |= mask
        case .clearsDAIF(let mask): daif &= ~mask
        case .readsDAIF(let register) where register < 31:
            result.register = register
            result.registerValue = UInt64(own.daif) << 6
        default: break
        }
        if after.pstate.daif != daif {
            var state = after.pstate
            state.daif = daif
            result.pstate = state
        }
        return result
    }

    /// Whether PC is at a vector that an exception from the stepped instruction goes to.
    ///
    /// ELR_EL1 is the instruction's address, or for SVC the next one's; a branch to the vector leaves it alone.
    public static func tookException(pc: UInt64, own: PSTATE, state after: State) -> Bool {
        guard after.pstate.el == .el1, after.pstate.daif == 0b1111, after.elr == pc || after.elr == pc &+ 4 else {
            return false
        }
        return ExceptionEntry.Kind.allCases.contains {
            after.pc == ExceptionEntry.vector($0, from: own, vbar: after.vbar)
        }
    }
}
