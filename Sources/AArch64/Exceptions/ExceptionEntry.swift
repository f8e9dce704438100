/// The register values of a vCPU after it has taken an exception to EL1.
///
/// Computed by pure functions that follow the Arm pseudocode function `AArch64.TakeException`. Used by the software
/// CPU, to deliver a BRK of the guest under a hypervisor, and to recognize a step that ended at a vector.
public struct ExceptionEntry: Hashable, Sendable {
    /// The kinds of exception that have their own vectors, in the order of the vectors.
    public enum Kind: UInt8, CaseIterable, Sendable {
        /// A synchronous exception.
        case synchronous
        /// An IRQ interrupt.
        case irq
        /// An FIQ interrupt.
        case fiq
        /// An SError exception.
        case sError

        /// The offset of the vector within its group of four, in bytes.
        var offset: UInt64 { UInt64(rawValue) * 0x80 }
    }

    /// The control state that determines how an exception is taken.
    public struct Context: Hashable, Sendable {
        /// The value of SCTLR_EL1.
        public var sctlr: SCTLR
        /// The value of VBAR_EL1.
        public var vbar: UInt64
        /// The architecture features of the vCPU.
        public var features: ArchitectureFeatures

        /// Creates a context from the control registers and the features of a vCPU.
        @inlinable
        public init(sctlr: SCTLR, vbar: UInt64, features: ArchitectureFeatures) {
            self.sctlr = sctlr
            self.vbar = vbar
            self.features = features
        }
    }

    /// PSTATE on entry to the handler.
    public var pstate: PSTATE
    /// The address of the vector.
    public var pc: UInt64
    /// The new value of ELR_EL1.
    public var elr: UInt64
    /// The new value of SPSR_EL1.
    public var spsr: UInt64
    /// The new value of ESR_EL1, or nil if the exception does not change it, as for IRQ and FIQ.
    public var esr: ExceptionSyndrome?
    /// The new value of FAR_EL1, or nil if the exception does not change it.
    public var far: UInt64?

    /// Returns the state after an exception is taken from EL0 or EL1 to EL1.
    ///
    /// - Parameters:
    ///   - old: PSTATE before the exception.
    ///   - returnAddress: the preferred return address, which is that of the instruction for a fault, and that of the
    ///     next instruction for SVC and for interrupts.
    ///   - syndrome: the syndrome of a synchronous exception or an SError; ignored for IRQ and FIQ.
    ///   - faultAddress: the value for FAR_EL1, for the exceptions that set it: aborts with a valid address, PC
    ///     alignment faults and watchpoints.
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

    /// Returns the address of the vector for an exception taken to EL1 from the state `old`.
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

    /// Returns PSTATE on entry to the handler.
    ///
    /// N, Z, C, V and DIT keep their values. PAN keeps its value if SCTLR_EL1.SPAN is 1 and is set if SPAN is 0;
    /// without FEAT_PAN it is clear.
    public static func handlerState(from old: PSTATE, context: Context) -> PSTATE {
        let features = context.features
        // The upper half (PACM, EXLOCK, PPEND, PM …) is clear in a handler, because the extensions that set these bits
        // are not supported.
        var new = PSTATE(rawValue: old.rawValue & 0xffff_ffff)
        if old.isAArch32 {
            // In AArch32 state the other bits hold IT, GE, Q, E and T; only the condition flags and PAN carry over.
            let kept: UInt64 = PSTATE.conditionFlagsMask | 1 << UInt64(PSTATE.Bits.privilegedAccessNever)
            new.rawValue &= kept
            // DIT is bit 21 in the AArch32 format of PSTATE and bit 24 in the AArch64 format.
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
