/// x86's `struct kvm_guest_debug`: what the debugger has a vCPU stop for (KVM API, 4.87).
package struct X86GuestDebug: Equatable, Sendable {
    /// `control`, padding and `debugreg[8]`.
    static let size = 8 + 8 * 8

    package struct Control: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// KVM_GUESTDBG_ENABLE.
        package static let enable = Control(rawValue: 1 << 0)
        /// KVM_GUESTDBG_SINGLESTEP: TF for the guest's next instruction.
        package static let singleStep = Control(rawValue: 1 << 1)
        /// KVM_GUESTDBG_USE_SW_BP: #BP comes here instead of to the guest.
        package static let softwareBreakpoints = Control(rawValue: 1 << 16)
        /// KVM_GUESTDBG_USE_HW_BP: the registers take the place of the guest's own, and #DB comes here.
        package static let hardware = Control(rawValue: 1 << 17)
        /// KVM_GUESTDBG_INJECT_DB: the guest has a #DB.
        package static let injectDebug = Control(rawValue: 1 << 18)
        /// KVM_GUESTDBG_INJECT_BP: the guest has a #BP, for the INT3 at RIP.
        package static let injectBreakpoint = Control(rawValue: 1 << 19)
        /// KVM_GUESTDBG_BLOCKIRQ: no interrupts meanwhile; Linux 5.16 and later.
        package static let blockInterrupts = Control(rawValue: 1 << 20)
    }

    package var control: Control = []
    /// DR0 to DR3.
    package var addresses: [UInt64] = []
    package var dr7: UInt64 = 0

    package init() {}

    /// The structure as the kernel reads it, in 64-bit words: `control` is the low half of the first, then DR0 to DR7.
    package var words: [UInt64] {
        let four = addresses.prefix(4)
        return [UInt64(control.rawValue)] + four + Array(repeating: 0, count: 7 - four.count) + [dr7]
    }
}
