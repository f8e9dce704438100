/// The machine around the vCPUs, which handles accesses to devices and to the GIC's system registers.
///
/// Every method is called on the thread that runs the vCPUs.
package protocol CPUEnvironment: AnyObject {
    /// Reads 1, 2, 4 or 8 bytes at a physical address that is not RAM; nil causes an external abort.
    func readDevice(_ address: UInt64, size: Int, vcpu: Int) -> UInt64?
    /// Writes 1, 2, 4 or 8 bytes at a physical address that is not writable RAM; false causes an external abort.
    func writeDevice(_ address: UInt64, size: Int, value: UInt64, vcpu: Int) -> Bool

    /// Reads a system register that is not part of the CPU (the GIC's CPU interface, ICC_*); nil makes it UNDEFINED.
    ///
    /// `encoding` is op0:op1:CRn:CRm:op2 in 16 bits, op0 in the top two.
    func readSystemRegister(_ encoding: UInt16, vcpu: Int) -> UInt64?
    /// Writes such a register, encoded as for ``readSystemRegister(_:vcpu:)``; false makes it UNDEFINED.
    func writeSystemRegister(_ encoding: UInt16, value: UInt64, vcpu: Int) -> Bool

    /// Reports that the guest has done something that makes sense only at EL2, which the vCPUs do not have.
    ///
    /// `reason` is text for the user. Called at most once.
    func guestWantsEL2(_ reason: String)

    /// Reports a change of level of one of the vCPU's timer outputs.
    func timerOutputChanged(_ timer: GenericTimer, level: Bool, vcpu: Int)
}

extension CPUEnvironment {
    /// Ignores the report.
    package func guestWantsEL2(_ reason: String) {}
}

/// The generic timers of a vCPU that has EL1 and EL0 only.
package enum GenericTimer: Int, CaseIterable, Sendable {
    /// The EL1 physical timer, CNTP_*.
    case physical
    /// The EL1 virtual timer, CNTV_*.
    case virtual
}
