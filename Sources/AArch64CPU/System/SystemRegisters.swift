/// The system registers of one vCPU that hold state, as the guest last left them, and what else is state of the
/// system level: timers, interrupt inputs, the event register.
///
/// Plain stored fields, so that hot ones are one load away in code that knows their name; ``ImplementedRegisters``
/// finds the same fields by encoding. PSTATE, FPCR, FPSR and the current stack pointer are in the register file.
/// Reset values are those of a cold reset where the architecture gives one, zero where it says UNKNOWN.
package struct SystemRegisters: Equatable, Sendable {
    // Stack pointers that are banked out, exception state. The current SP is in the register file.
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
    /// What TTBR1_EL1 held when its table was last changed for another; nil if it never was.
    ///
    /// No register, but the debugger's way to the kernel's table while the guest runs with another.
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
    package var cycles = CycleCounter()
    package var pmselr_el0: UInt64 = 0
    package var pmuserenr_el0: UInt64 = 0
    package var pmccfiltr_el0: UInt64 = 0

    // The generic timer.
    package var timers = GenericTimers()
    package var cntfrq_el0: UInt64 = GenericTimers.frequency
    package var cntkctl_el1: UInt64 = 0

    /// The levels of the interrupt inputs, as the interrupt controller last set them.
    package var pendingInterrupts: PendingInterrupts = []
    /// The event register, which SEV sets on every vCPU and WFE clears.
    package var eventRegister = false
    /// The count up to which the timer's event stream has set it.
    package var eventStreamSeen: UInt64 = 0

    // Debug registers: storage only. The guest's own breakpoints, watchpoints and software step don't fire.
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

    /// MPIDR_EL1, the only identification that differs between vCPUs: sixteen to an Aff1, as one SGI can name.
    package var mpidr_el1: UInt64

    /// The state a cold reset leaves in vCPU `index`.
    package init(index: Int) {
        mpidr_el1 = 0x8000_0000 | UInt64(index & 0xF) | UInt64(index >> 4 & 0xFF) << 8
    }

    /// SCTLR_EL1 bits that read as one: EOS, TSCXT, EIS, SPAN, nTLSMD, LSMAOE, and ITD and SED as EL0 has no AArch32.
    package static let sctlrRES1: UInt64 = 0x30D0_0980
    /// RES1 bits, plus nTWE, nTWI, SA and SA0, which KVM's reset sets too; MMU and caches off.
    package static let sctlrReset: UInt64 = sctlrRES1 | 1 << 18 | 1 << 16 | 1 << 4 | 1 << 3
}

/// Interrupt inputs that are asserted, in the bits ISR_EL1 and DAIF have for them.
package struct PendingInterrupts: OptionSet, Equatable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package static let fiq = Self(rawValue: 1 << 6)
    package static let irq = Self(rawValue: 1 << 7)
    package static let sError = Self(rawValue: 1 << 8)
}
