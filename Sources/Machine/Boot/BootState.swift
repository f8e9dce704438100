package import GuestAddresses

/// The initial registers of vCPU 0.
///
/// The other vCPUs are off until the guest turns them on.
package struct BootState: Equatable, Sendable {
    /// The address of the first instruction.
    ///
    /// The address is physical: the MMU is off or maps the address to itself.
    package var pc: PhysicalAddress
    /// The address of the description of the machine: the device tree, or `boot_params` on a PC.
    ///
    /// The boot protocol defines the register that has this address. A firmware gets it in the same way as a kernel.
    package var information: PhysicalAddress

    package init(pc: PhysicalAddress, information: PhysicalAddress) {
        self.pc = pc
        self.information = information
    }
}
