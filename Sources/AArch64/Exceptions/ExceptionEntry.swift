/// What a vCPU is after it took an exception to EL1.
///
/// A pure function after the Arm pseudocode's `AArch64.TakeException`: the software CPU, the delivery of a guest's own
/// BRK under a hypervisor, and a step that ends at a vector all use it.
public struct ExceptionEntry: Hashable, Sendable {
    public enum Kind: UInt8, CaseIterable, Sendable {
        case synchronous
        case irq
        case fiq
        case sError

        /// Where in each group of four the vector is.
        var offset: UInt64 { UInt64(rawValue) * 0x80 }
    }

    /// The state of the machine that decides how an exception is taken.
    public struct Context: Hashable, Sendable {
        public var sctlr: SCTLR
        public var vbar: UInt64
        public var features: ArchitectureFeatures

        @inlinable
        public init(sctlr: SCTLR, vbar: UInt64, features: ArchitectureFeatures) {
            self.sctlr = sctlr
            self.vbar = vbar
            self.features = features
        }
    }

    public var pstate: PSTATE
    public var pc: UInt64
    /// For ELR_EL1.
    public var elr: UInt64
    /// For SPSR_EL1.
    public var spsr: UInt64
    /// For ESR_EL1; nil leaves it as it is, as IRQ and FIQ do.
    public var esr: ExceptionSyndrome?
    /// For FAR_EL1; nil leaves it as it is.
    public var far: UInt64?

    /// Takes an exception from EL0 or EL1 to EL1.
    ///
    /// - Parameters:
    ///   - returnAddress: the preferred return address: the instruction's own for a fault, the next one's for SVC and
    ///     for interrupts.
    ///   - syndrome: what a synchronous exception or an SError reports.
    ///   - faultAddress: for the classes that set FAR_EL1: aborts with a valid address, PC alignment, watchpoints.
    public static func take(
        _ kind: Kind, from old: PSTATE, returnAddress: UInt64, syndrome: ExceptionSyndrome? = nil,
        faultAddress: UInt64? = nil, context: Context
    ) -> ExceptionEntry {
        let reports = kind == .synchronous || kind == .sError
        return ExceptionEntry(
            pstate: handlerState(from: old, context: context),
            pc: vector(kind, from: old, vbar: context.vbar),
            elr: returnAddress,
            spsr: old.rawValue,
            esr: reports ? syndrome : nil,
            far: kind == .synchronous ? faultAddress : nil)
    }

    /// The vector for an exception from `old` to EL1.
    public static func vector(_ kind: Kind, from old: PSTATE, vbar: UInt64) -> UInt64 {
        let group: UInt64
        if old.isAArch32 {
            group = 0x600
        } else if old.el < .el1 {
            group = 0x400
        } else {
            group = old.sp ? 0x200 : 0x000
        }
        // VBAR_EL1 bits 10:0 are RES0.
        return (vbar & ~0x7ff) + group + kind.offset
    }

    /// PSTATE at the vector: what is not named here is kept (N, Z, C, V, DIT and mostly PAN).
    public static func handlerState(from old: PSTATE, context: Context) -> PSTATE {
        let features = context.features
        // The high half (PACM, EXLOCK, PPEND, PM …) is clear in a handler without those extensions' controls.
        var new = PSTATE(rawValue: old.rawValue & 0xffff_ffff)
        if old.isAArch32 {
            // The same bits mean IT, GE, Q, E and T there; only the condition flags and the bits below survive.
            let kept: UInt64 = PSTATE.conditionFlagsMask | 1 << UInt64(PSTATE.Bits.privilegedAccessNever)
            new.rawValue &= kept
            // SPSR.DIT of an AArch32 state is bit 21 of SPSR and 24 here.
            new.dit = features.contains(.dit) && old.rawValue[bit: 21]
        }
        new.isAArch32 = false
        new.el = .el1
        new.sp = true
        new.rawValue[bit: 1] = false
        new.daif = 0b1111
        new.allint = features.contains(.nmi) && !context.sctlr.spintmask
        new.ss = false
        new.il = false
        new.uao = false
        new.btype = 0
        new.ssbs = features.contains(.ssbs) && context.sctlr.dssbs
        new.tco = features.contains(.mte)
        if features.contains(.pan) {
            if !context.sctlr.span { new.pan = true }
        } else {
            new.pan = false
        }
        return new
    }
}
