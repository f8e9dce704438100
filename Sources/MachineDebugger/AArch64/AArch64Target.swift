import AArch64
package import Acceleration
package import Execution
package import GDBStub
package import Machine
import NumberText
package import TargetDescription

/// An AArch64 machine as a debug session drives it, on whatever accelerator.
package final class AArch64Target: DebuggedMachine, MemoryMapSource, StopDescriptions, @unchecked Sendable {
    // SAFETY: it is the serving thread's while the vCPUs are held, and the vCPU thread's while they run.
    package let machine: Machine
    package let accelerator: any AArch64Accelerator
    package var debug = GuestDebug()
    package var applied = GuestDebug()
    package let machineAgent: Agent
    /// How client addresses are understood.
    var regime = AddressRegime.automatic
    package let machineReset: MachineReset
    package static let breakpointInstruction = "BRK"
    package let physicalMap: PhysicalMap

    package let description: TargetDescription
    package let preparedDescription: PreparedDescription?
    /// Which register a number in `description` is.
    let numbering: RegisterNumbering

    package enum AddressRegime: String, CaseIterable, Sendable {
        /// Virtual, in the translation regime of the selected vCPU.
        ///
        /// Kernel addresses mean the kernel's tables also where the guest runs without them.
        case automatic = "auto"
        /// Virtual, exactly as the selected vCPU's registers translate them.
        case el1
        /// Guest-physical.
        case physical
    }

    /// - Parameter agentOutput: takes the agent's text, on the thread that runs the vCPUs.
    package init(
        machine: Machine, accelerator: any AArch64Accelerator, machineReset: MachineReset,
        agentOutput: @escaping ([UInt8]) -> Void
    ) {
        machineAgent = Agent(output: agentOutput)
        self.machine = machine
        self.accelerator = accelerator
        self.machineReset = machineReset
        physicalMap = PhysicalMap(machine)
        description = AArch64TargetDescription.description(
            systemRegisters: accelerator.systemRegisters, features: accelerator.features,
            vectorLengths: accelerator.vectorLengths)
        preparedDescription = PreparedDescription(description)
        numbering = RegisterNumbering(vectorLengths: accelerator.vectorLengths)
    }

    /// Restores all settings of the session to their defaults, so that the next session starts without them.
    package func endOfSession() {
        regime = .automatic
        machine.bus.trace = nil
        (accelerator as? any BreakpointPatching)?.prefersPatches = false
        debug = GuestDebug()
        try? set(debug)
    }

    func pstate(_ vcpu: Int) throws(TargetError) -> PSTATE {
        PSTATE(rawValue: try accelerator.read(.pstate, vcpu: vcpu))
    }

    package var vcpus: any Accelerator { accelerator }

    /// A64 instructions are 4 bytes at multiples of 4 (Arm ARM, B1.1).
    package func check(instructionAt address: UInt64) throws(TargetError) {
        guard address & 3 == 0 else {
            throw .invalid("tracepoint at \(hexadecimal(address)): A64 instructions lie at multiples of 4")
        }
    }

    /// Whether a breakpoint at the address is bound to the vCPU's current address space.
    ///
    /// The accelerator has not checked this after a step.
    package func isBound(_ address: UInt64, toCurrentSpaceOf vcpu: Int) -> Bool {
        guard let binding = applied.binding(at: address) else { return true }
        guard let registers = try? TranslationRegisters(accelerator, vcpu: vcpu) else { return true }
        return binding.matches(ttbr0: registers.ttbr0, ttbr1: registers.ttbr1, tcr: registers.tcr)
    }
}
