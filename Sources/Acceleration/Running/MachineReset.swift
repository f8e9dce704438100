package import Execution
package import GuestMemory
package import Machine

/// The reset of a machine: memory, devices and vCPUs, in this order.
package final class MachineReset: @unchecked Sendable {
    // SAFETY: called on the vCPU thread, or while that thread waits.
    private let machine: Machine
    private let accelerator: any Accelerator
    private let panic: PanicWatch

    /// The reset of a machine and its accelerator, and of the watch for guest panics.
    package init(machine: Machine, accelerator: any Accelerator, panic: PanicWatch) {
        self.machine = machine
        self.accelerator = accelerator
        self.panic = panic
    }

    /// Resets the machine.
    ///
    /// Breakpoints and unread console input remain.
    package func perform() throws(MemoryError) {
        try machine.reset()
        panic.reset()
        accelerator.reset()
    }
}
