/// arm64's `struct kvm_guest_debug`: what the debugger has a vCPU stop for (KVM API, 4.87).
package struct ArmGuestDebug: Equatable, Sendable {
    /// The most debug registers of a kind that the architecture has: KVM_ARM_MAX_DBG_REGS.
    package static let registerLimit = 16
    /// `control`, padding, and the four tables `dbg_bcr`, `dbg_bvr`, `dbg_wcr` and `dbg_wvr`.
    static let size = 8 + 4 * registerLimit * 8

    package struct Control: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// KVM_GUESTDBG_ENABLE: debug exceptions come here instead of to the guest.
        package static let enable = Control(rawValue: 1 << 0)
        /// KVM_GUESTDBG_SINGLESTEP.
        package static let singleStep = Control(rawValue: 1 << 1)
        /// KVM_GUESTDBG_USE_SW_BP.
        package static let softwareBreakpoints = Control(rawValue: 1 << 16)
        /// KVM_GUESTDBG_USE_HW: the tables take the place of the guest's own debug registers.
        package static let hardware = Control(rawValue: 1 << 17)
    }

    package var control: Control = []
    /// DBGBVR and DBGBCR of each register in use.
    package var breakpoints: [(value: UInt64, control: UInt64)] = []
    /// DBGWVR and DBGWCR of each register in use.
    package var watchpoints: [(value: UInt64, control: UInt64)] = []

    package init() {}

    package static func == (first: Self, second: Self) -> Bool {
        first.control == second.control && first.breakpoints.elementsEqual(second.breakpoints, by: ==)
            && first.watchpoints.elementsEqual(second.watchpoints, by: ==)
    }

    /// The structure as the kernel reads it, in 64-bit words: `control` is the low half of the first.
    package var words: [UInt64] {
        func table(_ values: [UInt64]) -> [UInt64] {
            let present = values.prefix(Self.registerLimit)
            return present + Array(repeating: 0, count: Self.registerLimit - present.count)
        }
        return [UInt64(control.rawValue)] + table(breakpoints.map(\.control)) + table(breakpoints.map(\.value))
            + table(watchpoints.map(\.control)) + table(watchpoints.map(\.value))
    }
}
