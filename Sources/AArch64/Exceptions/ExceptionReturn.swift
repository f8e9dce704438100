/// What a vCPU is after ERET at EL1.
///
/// After the Arm pseudocode's `AArch64.ExceptionReturn`, `IllegalExceptionReturn` and `SetPSTATEFromPSR`. An illegal
/// return stays at its Exception level with PSTATE.IL set, so that the next instruction takes an Illegal Execution
/// state exception. The exclusive monitor is cleared and the event register set by the caller.
public struct ExceptionReturn: Hashable, Sendable {
    public var pstate: PSTATE
    public var pc: UInt64
    /// Whether SPSR_EL1 asked for something the machine can't be.
    public var isIllegal: Bool

    /// - Parameters:
    ///   - current: PSTATE while ERET executes: EL1.
    ///   - debug: the state of self-hosted debug, which decides PSTATE.SS.
    public static func perform(
        spsr: UInt64, elr: UInt64, from current: PSTATE, features: ArchitectureFeatures,
        debug: DebugExceptionState = DebugExceptionState()
    ) -> ExceptionReturn {
        let isIllegal = isIllegalReturn(spsr: spsr, from: current.el)
        let saved = PSTATE(rawValue: spsr)
        var new = current
        new.ss = debug.steps(afterReturnFrom: current, to: isIllegal ? current.el : saved.el, spsr: saved)
        if isIllegal {
            // What is UNKNOWN in the pseudocode (SSBS, BTYPE, UAO, DIT, TCO) stays as it is.
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
        // Legal or not, these come from SPSR_EL1.
        new.nzcv = saved.nzcv
        new.daif = saved.daif
        if features.contains(.pan) { new.pan = saved.pan }
        if features.contains(.nmi) { new.allint = saved.allint }
        return ExceptionReturn(pstate: new, pc: elr, isIllegal: isIllegal)
    }

    /// Whether a return to what `spsr` says is illegal on a machine of EL0 and EL1 without AArch32.
    public static func isIllegalReturn(spsr: UInt64, from level: ExceptionLevel) -> Bool {
        let saved = PSTATE(rawValue: spsr)
        // M[4]: AArch32, at no Exception level there. M[1] is 0 for every AArch64 mode.
        if saved.isAArch32 || spsr[bit: 1] { return true }
        // EL0 has no SP_ELx of its own.
        if saved.el == .el0 && saved.sp { return true }
        return saved.el > .el1 || saved.el > level
    }
}

/// The registers of self-hosted debug that software step depends on.
public struct DebugExceptionState: Hashable, Sendable {
    /// MDSCR_EL1.
    public var mdscr: UInt64
    /// OSLSR_EL1.OSLK: while the OS lock is on no debug exception but BRK's is generated.
    public var isOSLocked: Bool

    @inlinable
    public init(mdscr: UInt64 = 0, isOSLocked: Bool = true) {
        self.mdscr = mdscr
        self.isOSLocked = isOSLocked
    }

    /// MDSCR_EL1.SS.
    public var ss: Bool { mdscr[bit: 0] }
    /// MDSCR_EL1.KDE: debug exceptions within EL1.
    public var kde: Bool { mdscr[bit: 13] }
    /// MDSCR_EL1.MDE: breakpoints and watchpoints.
    public var mde: Bool { mdscr[bit: 15] }

    /// Whether debug exceptions are enabled at `level` with that PSTATE.D (`AArch64.GenerateDebugExceptionsFrom`).
    public func areEnabled(at level: ExceptionLevel, d: Bool) -> Bool {
        if isOSLocked { return false }
        return level == .el0 || (kde && !d)
    }

    /// The value of PSTATE.SS after an exception return (`DebugExceptionReturnSS`).
    func steps(afterReturnFrom current: PSTATE, to level: ExceptionLevel, spsr: PSTATE) -> Bool {
        ss && spsr.ss && !areEnabled(at: current.el, d: current.d) && areEnabled(at: level, d: spsr.d)
    }
}
