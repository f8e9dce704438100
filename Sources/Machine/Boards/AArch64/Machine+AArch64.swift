package import GuestAddresses

// The parts of a machine that only AArch64 vCPUs have.

extension Machine {
    /// The machine's own GIC; nil if KVM has the interrupt controller.
    package var gic: GICv3? { interruptController as? GICv3 }

    /// The affinity fields of a vCPU's MPIDR_EL1.
    package func affinity(vcpu: Int) -> UInt64 {
        AArch64Board.affinity(vcpu: vcpu)
    }

    /// Returns the outcome of a PSCI call; the caller performs its action.
    package func answer(_ call: PSCI.Call, states: [PSCI.PowerState]) -> PSCI.Outcome {
        PSCI.answer(call, affinities: (0..<vcpuCount).map(AArch64Board.affinity(vcpu:)), states: states)
    }
}

extension BootState {
    /// The initial value of X0: the device tree's address.
    ///
    /// X1 to X3 are zero (Linux, Documentation/arch/arm64/booting.rst).
    package var x0: PhysicalAddress { information }
    /// The initial PSTATE, in the format of SPSR_EL1.
    package var pstate: UInt64 { Self.entryPSTATE }

    /// The PSTATE of a vCPU at its first instruction: EL1 with SP_EL1, and D, A, I and F masked.
    ///
    /// A vCPU that is started by CPU_ON has it as well.
    package static let entryPSTATE: UInt64 = 0x3C5

    /// A state with the address of the device tree in X0.
    package init(pc: PhysicalAddress, x0: PhysicalAddress) {
        self.init(pc: pc, information: x0)
    }
}

extension GICv3: InterruptController {
    /// Sets the level of a shared peripheral interrupt.
    package func setLine(_ line: Int, level: Bool) { setSPI(line, level: level) }
}

extension ELFMachine {
    /// AArch64 programs: EM_AARCH64, with instructions of 4 bytes.
    package static let aarch64 = ELFMachine(number: 183, name: "AArch64", linkName: "aarch64", instructionAlignment: 4)
}
