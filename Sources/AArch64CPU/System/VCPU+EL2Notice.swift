import AArch64

// Signs of a guest that expects to be entered at EL2, which this CPU does not have. Hypervisors spin silently then.
extension VCPU {
    /// The number of instructions for which a guest counts as starting.
    private static let startTime: UInt64 = 10_000_000

    /// Notes an MRS or MSR at EL1 of a register of EL2, or of one that EL2 reaches by another name: op1 is 4 or 5.
    ///
    /// Kernels that can run at either level read CurrentEL first, so such an access is no probe.
    func noteEL2Register(_ encoding: SystemRegisterEncoding) {
        guard exceptionLevel > 0, encoding.op0 == 3, encoding.op1 == 4 || encoding.op1 == 5 else { return }
        noteEL2("it accesses the EL2 register \(encoding.genericName) at PC 0x\(String(pc, radix: 16))")
    }

    /// Notes an undefined instruction that is executed before VBAR_EL1 is set, as the first exception: a guest without
    /// vectors that takes another one, such as an abort, executes whatever is at address 0 afterwards.
    func noteUndefined() {
        guard isStarting, system.esr_el1 == 0, system.elr_el1 == 0 else { return }
        noteEL2(
            "at PC 0x\(String(pc, radix: 16)) it executes an instruction that EL1 does not have, and has no vectors yet"
        )
    }

    /// Notes a WFE of a guest that has read its exception level and then parks its vCPU.
    func noteParking() {
        guard cluster.hasReadCurrentEL, isStarting, interruptMasks == PSTATEBits.daif,
            !cluster.vcpus.contains(where: { $0.isOtherThanParked(besides: self) })
        else { return }
        noteEL2("it read CurrentEL and waits in WFE at PC 0x\(String(pc, radix: 16))")
    }

    /// Whether the guest has neither vectors nor the MMU yet.
    private var isStarting: Bool {
        exceptionLevel > 0 && time < Self.startTime && system.vbar_el1 == 0 && system.sctlr_el1 & 1 == 0
    }

    /// Whether this is another vCPU that has been turned on, where the guest runs.
    private func isOtherThanParked(besides vcpu: VCPU) -> Bool { self !== vcpu && pc != 0 }

    private func noteEL2(_ reason: String) {
        guard !cluster.hasNotedEL2 else { return }
        cluster.hasNotedEL2 = true
        cluster.environment.guestWantsEL2(reason)
    }
}
