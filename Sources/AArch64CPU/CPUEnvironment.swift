/// What a vCPU reaches outside itself.
///
/// Every call comes from the thread that runs the vCPUs.
package protocol CPUEnvironment: AnyObject {
    /// Reads 1, 2, 4 or 8 bytes of a physical address that is not RAM; nil is an external abort.
    func readDevice(_ address: UInt64, size: Int, vcpu: Int) -> UInt64?
    /// Writes 1, 2, 4 or 8 bytes; false is an external abort.
    func writeDevice(_ address: UInt64, size: Int, value: UInt64, vcpu: Int) -> Bool

    /// Reads a system register that lives outside the CPU (the GIC's CPU interface, ICC_*); nil is UNDEFINED.
    ///
    /// `encoding` is op0:op1:CRn:CRm:op2 in 16 bits, op0 in the top two.
    func readSystemRegister(_ encoding: UInt16, vcpu: Int) -> UInt64?
    /// Writes one; false is UNDEFINED.
    func writeSystemRegister(_ encoding: UInt16, value: UInt64, vcpu: Int) -> Bool

    /// Reports, in words for the user, that the guest has done what makes sense at EL2 only.
    ///
    /// Called once at most.
    func guestWantsEL2(_ reason: String)

    /// The output of one of the vCPU's own timers changed its level.
    func timerOutputChanged(_ timer: GenericTimer, level: Bool, vcpu: Int)
}

extension CPUEnvironment {
    package func guestWantsEL2(_ reason: String) {}
}

/// The generic timers a vCPU at EL1 has.
package enum GenericTimer: Int, CaseIterable, Sendable {
    case physical
    case virtual
}
