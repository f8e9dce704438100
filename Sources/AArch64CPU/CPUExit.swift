/// Why a vCPU came back.
package enum CPUExit: Equatable, Sendable {
    /// Exactly as many instructions as allowed have been executed.
    case budget
    /// WFI with no interrupt pending; PC is behind it.
    case waitForInterrupt
    /// WFE without an event; PC is at the next instruction.
    case waitForEvent
    /// YIELD where another vCPU may run (``CPUCluster/handsOver``); PC is at the next instruction.
    case yield
    /// HVC or SMC; PC is behind it.
    case hypercall(Conduit, immediate: UInt16)
    /// HLT #0xF000 with semihosting on; PC is behind it.
    case semihosting
    /// A debugger's breakpoint; the instruction at PC has not been executed.
    case breakpoint
    /// A debugger's watchpoint; the instruction at PC has not been executed and memory has not changed.
    ///
    /// `point` is the index in the list that was set, `address` the lowest accessed byte that lies in its range.
    case watchpoint(point: Int, address: UInt64)
    /// The step is done.
    case stepped
    /// A BRK of the guest's own while these are caught; PC is at it.
    case guestBreakpoint(comment: UInt16)
    /// Any other exception of the guest's own that is caught, which ``VCPU/lastCaught`` describes.
    ///
    /// It has not been taken: PC is where it would return to, for SVC, HVC and SMC at the instruction itself.
    case caughtException
    /// `requestExit` was called.
    case requested

    package enum Conduit: Sendable { case hvc, smc }
}
