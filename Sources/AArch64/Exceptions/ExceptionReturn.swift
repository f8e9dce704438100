/// The register values of a vCPU after ERET at EL1.
///
/// Follows the Arm pseudocode functions `AArch64.ExceptionReturn`, `IllegalExceptionReturn` and `SetPSTATEFromPSR`. An
/// illegal return stays at the current Exception level with PSTATE.IL set, so that the next instruction takes an
/// Illegal Execution state exception. The caller clears the exclusive monitor and sets the event register.
public struct ExceptionReturn: Hashable, Sendable {
    /// PSTATE after the return.
    public var pstate: PSTATE
    /// The address execution continues at, which is the value of ELR_EL1.
    public var pc: UInt64
    /// Whether SPSR_EL1 describes a state that ERET cannot return to.
    public var isIllegal: Bool

    /// Returns the state after ERET.
    ///
    /// - Parameters:
    ///   - spsr: the value of SPSR_EL1.
    ///   - elr: the value of ELR_EL1.
    ///   - current: PSTATE while ERET executes, at EL1.
    ///   - debug: the state of self-hosted debug, which determines PSTATE.SS.
    public static func perform(
        spsr: UInt64, elr: UInt64, from current: PSTATE, features: ArchitectureFeatures,
        debug: DebugExceptionState = DebugExceptionState()
    ) -> ExceptionReturn {
        let isIllegal = isIllegalReturn(spsr: spsr, from: current.el)
        let saved = PSTATE(rawValue: spsr)
        var new = current
        new.ss = debug.steps(afterReturnFrom: current, to: isIllegal ? current.el : saved.el, spsr: saved)
        if isIllegal {
            // Fields that are UNKNOWN in the pseudocode (SSBS, BTYPE, UAO, DIT, TCO) keep their values.
            new.il = true
        } else {
            new.il = saved.il
            new.isAArch32 = false
            new.el = saved.el
            new.sp = saved.sp
            if features.contains(.bti) { new.btype = saved.btype }
            if features.contains(.ssbs) { new.ssbs = saved.ssbs }
            if features.contains(.uao) { new.uao = saved.uao }
            if features.contains(.dit) { new.dit = saved.dit }
            if features.contains(.mte) { new.tco = saved.tco }
        }
        // The fields below come from SPSR_EL1 whether the return is legal or not.
        new.nzcv = saved.nzcv
        new.daif = saved.daif
        if features.contains(.pan) { new.pan = saved.pan }
        if features.contains(.nmi) { new.allint = saved.allint }
        return ExceptionReturn(pstate: new, pc: elr, isIllegal: isIllegal)
    }

    /// Returns whether a return to the state in `spsr` is illegal on a machine with EL0 and EL1 and without AArch32.
    public static func isIllegalReturn(spsr: UInt64, from level: ExceptionLevel) -> Bool {
        let saved = PSTATE(rawValue: spsr)
        // M[4] selects AArch32, which no Exception level of the machine supports. M[1] is 0 in every AArch64 mode.
        if saved.isAArch32 || spsr[bit: 1] { return true }
        // EL0 always uses SP_EL0.
        if saved.el == .el0 && saved.sp { return true }
        return saved.el > .el1 || saved.el > level
    }
}

/// The state of self-hosted debug that software step depends on.
public struct DebugExceptionState: Hashable, Sendable {
    /// The value of MDSCR_EL1.
    public var mdscr: UInt64
    /// OSLSR_EL1.OSLK: whether the OS Lock is locked, which disables all debug exceptions except those of BRK.
    public var isOSLocked: Bool

    /// Creates a state; with the defaults, debug exceptions except those of BRK are disabled.
    @inlinable
    public init(mdscr: UInt64 = 0, isOSLocked: Bool = true) {
        self.mdscr = mdscr
        self.isOSLocked = isOSLocked
    }

    /// MDSCR_EL1.SS: whether software step is enabled.
    public var ss: Bool { mdscr[bit: 0] }
    /// MDSCR_EL1.KDE: whether debug exceptions are enabled within EL1.
    public var kde: Bool { mdscr[bit: 13] }
    /// MDSCR_EL1.MDE: whether breakpoint and watchpoint exceptions are enabled.
    public var mde: Bool { mdscr[bit: 15] }

    /// Returns whether debug exceptions are enabled at `level` with the given PSTATE.D.
    ///
    /// Arm pseudocode, `AArch64.GenerateDebugExceptionsFrom`.
    public func areEnabled(at level: ExceptionLevel, d: Bool) -> Bool {
        if isOSLocked { return false }
        return level == .el0 || (kde && !d)
    }

    /// Returns the value of PSTATE.SS after an exception return (Arm pseudocode, `DebugExceptionReturnSS`).
    func steps(afterReturnFrom current: PSTATE, to level: ExceptionLevel, spsr: PSTATE) -> Bool {
        ss && spsr.ss && !areEnabled(at: current.el, d: current.d) && areEnabled(at: level, d: spsr.d)
    }
}
