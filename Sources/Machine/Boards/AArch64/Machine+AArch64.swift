package import GuestAddresses

// The parts of a machine that only AArch64 vCPUs have.

extension Machine {
    /// The machine's own GIC; nil if the interrupt controller is outside of it.
    package var gic: GICv3? { interruptController as? GICv3 }

    /// The affinity fields of a vCPU's MPIDR_EL1.
    package func affinity(vcpu: Int) -> UInt64 {
        AArch64Board.affinity(vcpu: vcpu)
    }

    /// Answers a PSCI call; carrying out what it asks for is the caller's part.
    package func answer(_ call: PSCI.Call, states: [PSCI.PowerState]) -> PSCI.Outcome {
        PSCI.answer(call, affinities: (0..<vcpuCount).map(AArch64Board.affinity(vcpu:)), states: states)
    }
}

extension BootState {
    /// The device tree's address is in X0; X1 to X3 are zero (Linux, Documentation/arch/arm64/booting.rst).
    package var x0: PhysicalAddress { information }
    package var pstate: UInt64 { Self.entryPSTATE }

    /// EL1 with SP_EL1, and D, A, I and F masked.
    ///
    /// A vCPU started by CPU_ON begins with it as well.
    package static let entryPSTATE: UInt64 = 0x3C5

    package init(pc: PhysicalAddress, x0: PhysicalAddress) {
        self.init(pc: pc, information: x0)
    }
}

extension GICv3: InterruptController {
    /// Sets the level of a shared peripheral interrupt.
    package func setLine(_ line: Int, level: Bool) { setSPI(line, level: level) }
}

extension ELFMachine {
    /// EM_AARCH64.
    package static let aarch64 = ELFMachine(number: 183, name: "AArch64", linkName: "aarch64", instructionAlignment: 4)
}
