/// The register writes that hide from the guest that a step ran with PSTATE.DAIF masked.
public struct StepFixUp: Hashable, Sendable {
    /// The register values of a vCPU after the step.
    public struct State: Hashable, Sendable {
        /// The program counter.
        public var pc: UInt64
        /// PSTATE, with DAIF as the step left it.
        public var pstate: PSTATE
        /// The value of ELR_EL1.
        public var elr: UInt64
        /// The value of SPSR_EL1.
        public var spsr: UInt64
        /// The value of VBAR_EL1.
        public var vbar: UInt64

        /// Creates a state from the values of the registers.
        public init(pc: UInt64, pstate: PSTATE, elr: UInt64, spsr: UInt64, vbar: UInt64) {
            self.pc = pc
            self.pstate = pstate
            self.elr = elr
            self.spsr = spsr
            self.vbar = vbar
        }
    }

    /// The value to write to PSTATE, or nil if PSTATE is already correct.
    public var pstate: PSTATE?
    /// The value to write to SPSR_EL1, or nil if SPSR_EL1 is already correct.
    public var spsr: UInt64?
    /// The number of the general-purpose register to write, 0 to 30, or nil if none needs a correction.
    public var register: UInt8?
    /// The value to write to ``register``.
    public var registerValue: UInt64

    init(pstate: PSTATE? = nil, spsr: UInt64? = nil, register: UInt8? = nil, registerValue: UInt64 = 0) {
        self.pstate = pstate
        self.spsr = spsr
        self.register = register
        self.registerValue = registerValue
    }

    /// Returns the writes that are necessary after a step.
    ///
    /// - Parameters:
    ///   - instruction: the class of the stepped instruction.
    ///   - pc: the address of the stepped instruction.
    ///   - own: the PSTATE of the guest before DAIF was masked.
    ///   - after: the register values after the step.
    public static func after(
        _ instruction: StepClass, pc: UInt64, own: PSTATE, state after: State
    ) -> StepFixUp {
        // An instruction of any class may take an exception. SPSR_EL1 then holds the masked DAIF, and PSTATE.DAIF is
        // all ones, as it must be in the handler.
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

    /// Returns whether the stepped instruction took an exception, so that PC is at the vector.
    ///
    /// ELR_EL1 is then the address of the instruction, or that of the next instruction for SVC. A branch to the vector
    /// does not change ELR_EL1.
    public static func tookException(pc: UInt64, own: PSTATE, state after: State) -> Bool {
        guard after.pstate.el == .el1, after.pstate.daif == 0b1111, after.elr == pc || after.elr == pc &+ 4 else {
            return false
        }
        return ExceptionEntry.Kind.allCases.contains {
            after.pc == ExceptionEntry.vector($0, from: own, vbar: after.vbar)
        }
    }
}
