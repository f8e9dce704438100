// Abilities of some accelerators, each a protocol that a debugger asks for.

/// An accelerator whose breakpoints are hardware's, or instructions that it writes into guest memory.
package protocol BreakpointPatching: Accelerator {
    /// Whether breakpoints are instructions also where a hardware breakpoint is free.
    var prefersPatches: Bool { get set }
}

/// An accelerator that has two ways to hold interrupts off while a vCPU steps.
package protocol StepInterruptBlocking: Accelerator {
    /// Whether the host can hold interrupts off itself (KVM_GUESTDBG_BLOCKIRQ).
    var canBlockInterrupts: Bool { get }
    /// Whether the host holds interrupts off; otherwise the guest's interrupt flag is cleared for the step.
    var blocksInterrupts: Bool { get set }
}
