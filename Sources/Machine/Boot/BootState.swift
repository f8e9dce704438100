package import GuestAddresses

/// The initial registers of vCPU 0; the other vCPUs are off until the guest turns them on.
package struct BootState: Equatable, Sendable {
    /// The address of the first instruction: the MMU is off, or maps it to itself.
    package var pc: PhysicalAddress
    /// The address of what describes the machine, for a firmware as for a kernel.
    ///
    /// It is the device tree's, or on a PC that of `boot_params`. The boot protocol says which register has it.
    package var information: PhysicalAddress

    package init(pc: PhysicalAddress, information: PhysicalAddress) {
        self.pc = pc
        self.information = information
    }
}
