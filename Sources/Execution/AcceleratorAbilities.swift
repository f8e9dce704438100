// Abilities of some accelerators. Each is a protocol that a debugger checks for.

/// An accelerator whose breakpoints are hardware's, or instructions patched into guest memory.
package protocol BreakpointPatching: Accelerator {
    /// Whether a breakpoint is patched in even if a hardware breakpoint is free.
    var prefersPatches: Bool { get set }
}

/// An accelerator that can mask interrupts during a step in two ways.
package protocol StepInterruptBlocking: Accelerator {
    /// Whether the host can block interrupts itself (KVM_GUESTDBG_BLOCKIRQ).
    var canBlockInterrupts: Bool { get }
    /// Whether the host blocks interrupts. Otherwise the guest's interrupt flag is cleared for the step.
    var blocksInterrupts: Bool { get set }
}
