import AArch64

// Reports of a guest that expects to be entered at EL2, which this CPU does not have. Without a report, a hypervisor
// would loop without output.
extension VCPU {
    /// The virtual time, in instructions, below which a guest is considered to be starting.
    private static let startTime: UInt64 = 10_000_000

    /// Reports an MRS or MSR at EL1 of a register with op1 4 or 5: a register of EL2, or EL2's alias of an EL1
    /// register.
    ///
    /// Kernels that can run at either level read CurrentEL first, so such an access is not a probe.
    func recordEL2Register(_ encoding: SystemRegisterEncoding) {
        guard exceptionLevel > 0, encoding.op0 == 3, encoding.op1 == 4 || encoding.op1 == 5 else { return }
        recordEL2("it accesses the EL2 register \(encoding.genericName) at PC 0x\(String(pc, radix: 16))")
    }

    /// Reports an undefined instruction that is the guest's first exception, before VBAR_EL1 is set.
    ///
    /// Later exceptions are not considered: after an earlier one, such as an abort, a guest without vectors executes
    /// whatever is at address 0.
    func recordUndefined() {
        guard isStarting, system.esr_el1 == 0, system.elr_el1 == 0 else { return }
        recordEL2(
            "at PC 0x\(String(pc, radix: 16)) it executes an instruction that EL1 does not have, and has no vectors yet"
        )
    }

    /// Reports a WFE with all interrupts masked by a starting guest that has read CurrentEL, with no other vCPU
    /// running.
    func recordParking() {
        guard cluster.hasReadCurrentEL, isStarting, interruptMasks == PSTATEBits.daif,
            !cluster.vcpus.contains(where: { $0.isOtherThanParked(besides: self) })
        else { return }
        recordEL2("it read CurrentEL and waits in WFE at PC 0x\(String(pc, radix: 16))")
    }

    /// Whether the guest is starting: at EL1, within ``startTime``, with neither VBAR_EL1 nor the MMU set up.
    private var isStarting: Bool {
        exceptionLevel > 0 && time < Self.startTime && system.vbar_el1 == 0 && system.sctlr_el1 & 1 == 0
    }

    /// Whether this is another vCPU than `vcpu` and has been powered on.
    private func isOtherThanParked(besides vcpu: VCPU) -> Bool { self !== vcpu && pc != 0 }

    private func recordEL2(_ reason: String) {
        guard !cluster.hasNotedEL2 else { return }
        cluster.hasNotedEL2 = true
        cluster.environment.guestWantsEL2(reason)
    }
}
