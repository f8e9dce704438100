/// The reason why a run of a vCPU ended.
package enum CPUExit: Equatable, Sendable {
    /// The instruction budget of the run has been executed, exactly.
    case budget
    /// WFI with no interrupt pending; PC is at the next instruction.
    case waitForInterrupt
    /// WFE without an event; PC is at the next instruction.
    case waitForEvent
    /// YIELD where another vCPU may run (``CPUCluster/yieldEndsRun``); PC is at the next instruction.
    case yield
    /// HVC or SMC; PC is at the next instruction.
    case hypercall(Conduit, immediate: UInt16)
    /// HLT #0xF000 with semihosting enabled; PC is at the next instruction.
    case semihosting
    /// A debugger's breakpoint; the instruction at PC has not been executed.
    case breakpoint
    /// A debugger's watchpoint; the instruction at PC has not been executed and memory has not changed.
    ///
    /// `point` is the index in the list of watchpoints, `address` the lowest accessed byte in the watchpoint's range.
    case watchpoint(point: Int, address: UInt64)
    /// The instruction to step has been executed.
    case stepped
    /// A BRK of the guest while BRK exceptions are caught; PC is at the BRK.
    case guestBreakpoint(comment: UInt16)
    /// Any other caught exception of the guest, described by ``VCPU/lastCaught``.
    ///
    /// The exception has not been taken. PC is at its preferred return address, for SVC, HVC and SMC at the
    /// instruction.
    case caughtException
    /// ``CPUCluster/requestExit()`` was called.
    case requested

    /// The instruction of a hypercall.
    package enum Conduit: Sendable { case hvc, smc }
}
