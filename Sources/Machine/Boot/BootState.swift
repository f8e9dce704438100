/// What vCPU 0 starts with; the other vCPUs are off until it turns them on.
package struct BootState: Equatable, Sendable {
    package var pc: UInt64
    /// The physical address of what describes the machine, for a firmware as for a kernel.
    ///
    /// It is the device tree's, or on a PC that of `boot_params`. The boot protocol says which register has it.
    package var information: UInt64

    package init(pc: UInt64, information: UInt64) {
        self.pc = pc
        self.information = information
    }
}
