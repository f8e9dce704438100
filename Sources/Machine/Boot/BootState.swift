/// What vCPU 0 starts with; the other vCPUs are off until it turns them on.
package struct BootState: Equatable, Sendable {
    package var pc: UInt64
    /// The device tree's physical address, for a firmware as for a kernel, or on a PC that of `boot_params`.
    ///
    /// X1 to X3 are zero. On a PC it is in RSI.
    package var x0: UInt64
    /// EL1 with SP_EL1, and D, A, I and F masked; nothing on a PC.
    package var pstate: UInt64 = Self.entryPSTATE

    /// Also what a vCPU started by CPU_ON begins with.
    package static let entryPSTATE: UInt64 = 0x3C5

    package init(pc: UInt64, x0: UInt64) {
        self.pc = pc
        self.x0 = x0
    }
}
