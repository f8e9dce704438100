package import Execution
package import GuestMemory
package import Machine

/// The reset of the machine: memory, devices and vCPUs, in that order.
package final class MachineReset: @unchecked Sendable {
    // SAFETY: called on the vCPU thread, or while it waits.
    private let machine: Machine
    private let accelerator: any Accelerator
    private let panic: PanicWatch

    package init(machine: Machine, accelerator: any Accelerator, panic: PanicWatch) {
        self.machine = machine
        self.accelerator = accelerator
        self.panic = panic
    }

    /// Resets the machine.
    ///
    /// Breakpoints and unread console input stay.
    package func perform() throws(MemoryError) {
        try machine.reset()
        panic.reset()
        accelerator.reset()
    }
}
