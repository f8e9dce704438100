/// The system registers of one vCPU that hold state, and the rest of the system-level state: timers, interrupt inputs
/// and the event register.
///
/// The fields of registers have the architecture's names. They are plain stored fields, so that a frequent access by
/// name is one load; ``ImplementedRegisters`` finds the same fields by encoding. PSTATE, FPCR, FPSR and the current
/// stack pointer are in the register file. Initial values are those of a cold reset, and zero where the architecture
/// makes them UNKNOWN.
package struct SystemRegisters: Equatable, Sendable {
    // The banked stack pointers, and exception state. The current SP is in the register file.
    package var sp_el0: UInt64 = 0
    package var sp_el1: UInt64 = 0
    package var elr_el1: UInt64 = 0
    package var spsr_el1: UInt64 = 0
    package var esr_el1: UInt64 = 0
    package var far_el1: UInt64 = 0
    package var vbar_el1: UInt64 = 0
    package var afsr0_el1: UInt64 = 0
    package var afsr1_el1: UInt64 = 0

    // Control and translation.
    package var sctlr_el1: UInt64 = SystemRegisters.sctlrReset
    package var cpacr_el1: UInt64 = 0
    package var ttbr0_el1: UInt64 = 0
    package var ttbr1_el1: UInt64 = 0
    package var tcr_el1: UInt64 = 0
    package var mair_el1: UInt64 = 0
    package var amair_el1: UInt64 = 0
    package var contextidr_el1: UInt64 = 0
    package var par_el1: UInt64 = 0
    package var csselr_el1: UInt64 = 0
    /// The value of TTBR1_EL1 before its table was last replaced with another; nil if it never was.
    ///
    /// Not a register: it lets the debugger find the kernel's table while the guest runs with another.
    package var earlierTTBR1: UInt64?

    // Thread pointers.
    package var tpidr_el0: UInt64 = 0
    package var tpidrro_el0: UInt64 = 0
    package var tpidr_el1: UInt64 = 0

    // Pointer authentication keys.
    package var apiakeylo_el1: UInt64 = 0
    package var apiakeyhi_el1: UInt64 = 0
    package var apibkeylo_el1: UInt64 = 0
    package var apibkeyhi_el1: UInt64 = 0
    package var apdakeylo_el1: UInt64 = 0
    package var apdakeyhi_el1: UInt64 = 0
    package var apdbkeylo_el1: UInt64 = 0
    package var apdbkeyhi_el1: UInt64 = 0
    package var apgakeylo_el1: UInt64 = 0
    package var apgakeyhi_el1: UInt64 = 0

    // Performance monitors.
    /// PMCCNTR_EL0 and its controls.
    package var cycles = CycleCounter()
    package var pmselr_el0: UInt64 = 0
    package var pmuserenr_el0: UInt64 = 0
    package var pmccfiltr_el0: UInt64 = 0

    // The generic timer.
    /// The comparators of the two timers.
    package var timers = GenericTimers()
    package var cntfrq_el0: UInt64 = GenericTimers.frequency
    package var cntkctl_el1: UInt64 = 0

    /// The interrupt inputs that the interrupt controller asserts, and a pending SError.
    package var pendingInterrupts: PendingInterrupts = []
    /// The event register: SEV sets it on every vCPU, and WFE clears it.
    package var eventRegister = false
    /// The count up to which the event stream has been evaluated for ``eventRegister``.
    package var eventStreamSeen: UInt64 = 0

    // Debug registers, as storage only: the guest's breakpoints, watchpoints and software step generate no exceptions.
    package var mdscr_el1: UInt64 = 0
    /// OSLSR_EL1.OSLK: the OS lock is set by a cold reset.
    package var osLock: UInt64 = 1
    package var osdlr_el1: UInt64 = 0
    package var osdtrrx_el1: UInt64 = 0
    package var osdtrtx_el1: UInt64 = 0
    package var oseccr_el1: UInt64 = 0
    package var mdccint_el1: UInt64 = 0
    package var dbgprcr_el1: UInt64 = 0
    package var dbgclaim: UInt64 = 0
    package var dbgbvr0_el1: UInt64 = 0
    package var dbgbvr1_el1: UInt64 = 0
    package var dbgbvr2_el1: UInt64 = 0
    package var dbgbvr3_el1: UInt64 = 0
    package var dbgbvr4_el1: UInt64 = 0
    package var dbgbvr5_el1: UInt64 = 0
    package var dbgbcr0_el1: UInt64 = 0
    package var dbgbcr1_el1: UInt64 = 0
    package var dbgbcr2_el1: UInt64 = 0
    package var dbgbcr3_el1: UInt64 = 0
    package var dbgbcr4_el1: UInt64 = 0
    package var dbgbcr5_el1: UInt64 = 0
    package var dbgwvr0_el1: UInt64 = 0
    package var dbgwvr1_el1: UInt64 = 0
    package var dbgwvr2_el1: UInt64 = 0
    package var dbgwvr3_el1: UInt64 = 0
    package var dbgwcr0_el1: UInt64 = 0
    package var dbgwcr1_el1: UInt64 = 0
    package var dbgwcr2_el1: UInt64 = 0
    package var dbgwcr3_el1: UInt64 = 0

    /// MPIDR_EL1, the only identification register that differs between vCPUs.
    ///
    /// Sixteen vCPUs share a value of Aff1, because one SGI can target at most sixteen.
    package var mpidr_el1: UInt64

    /// The state of vCPU `index` after a cold reset.
    package init(index: Int) {
        mpidr_el1 = 0x8000_0000 | UInt64(index & 0xF) | UInt64(index >> 4 & 0xFF) << 8
    }

    /// The SCTLR_EL1 bits that read as one: EOS, TSCXT, EIS, SPAN, nTLSMD, LSMAOE, and ITD and SED because EL0 has no
    /// AArch32.
    package static let sctlrRES1: UInt64 = 0x30D0_0980
    /// The reset value of SCTLR_EL1: the RES1 bits with nTWE, nTWI, SA and SA0, as KVM resets it; MMU and caches off.
    package static let sctlrReset: UInt64 = sctlrRES1 | 1 << 18 | 1 << 16 | 1 << 4 | 1 << 3
}

/// The asserted interrupt inputs, in the bit positions of ISR_EL1 and DAIF.
package struct PendingInterrupts: OptionSet, Equatable, Sendable {
    /// The bits of the set.
    package let rawValue: UInt64

    /// Wraps a set of bits.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// ISR_EL1.F.
    package static let fiq = Self(rawValue: 1 << 6)
    /// ISR_EL1.I.
    package static let irq = Self(rawValue: 1 << 7)
    /// ISR_EL1.A.
    package static let sError = Self(rawValue: 1 << 8)
}
