import AArch64
package import Acceleration
package import Execution
package import GDBStub
package import Machine
import NumberText
package import TargetDescription

/// An AArch64 machine as the target of a debug session, on any accelerator.
package final class AArch64Target: DebuggedMachine, MemoryMapSource, StopDescriptions, @unchecked Sendable {
    // SAFETY: it is the serving thread's while the vCPUs are held, and the vCPU thread's while they run.
    /// The machine that is debugged.
    package let machine: Machine
    /// The accelerator that runs the vCPUs.
    package let accelerator: any AArch64Accelerator
    /// The stop points and catches that the client has set.
    package var debug = GuestDebug()
    /// The stop points and catches in effect, the agent's included.
    package var applied = GuestDebug()
    /// Conditions, commands and tracepoints.
    package let machineAgent: Agent
    /// The meaning of the client's addresses.
    var regime = AddressRegime.automatic
    /// The reset of memory, devices and vCPUs.
    package let machineReset: MachineReset
    /// The instruction of a software breakpoint in memory.
    package static let breakpointInstruction = "BRK"
    /// The guest-physical memory map, fixed once the machine is built.
    package let physicalMap: PhysicalMap

    /// The registers and features of target.xml.
    package let description: TargetDescription
    /// The description in the forms that sessions need.
    package let preparedDescription: PreparedDescription?
    /// The register of each number in `description`.
    let numbering: RegisterNumbering

    /// The meaning of the client's addresses; raw values are the words of `monitor regime`.
    package enum AddressRegime: String, CaseIterable, Sendable {
        /// Virtual, in the translation regime of the selected vCPU.
        ///
        /// Kernel addresses are translated by the kernel's tables even while the guest runs without them.
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

    /// The accelerator that runs the vCPUs.
    package var vcpus: any Accelerator { accelerator }

    /// Throws if the address is not a multiple of 4, as those of A64 instructions are (Arm ARM, B1.1).
    package func check(instructionAt address: UInt64) throws(TargetError) {
        guard address & 3 == 0 else {
            throw .invalid("tracepoint at \(hexadecimal(address)): A64 instructions lie at multiples of 4")
        }
    }

    /// Whether a breakpoint at the address applies to the vCPU's current address space.
    ///
    /// Asked after a step, because the accelerator does not check the binding then.
    package func isBound(_ address: UInt64, toCurrentSpaceOf vcpu: Int) -> Bool {
        guard let binding = applied.binding(at: address) else { return true }
        guard let registers = try? TranslationRegisters(accelerator, vcpu: vcpu) else { return true }
        return binding.matches(ttbr0: registers.ttbr0, ttbr1: registers.ttbr1, tcr: registers.tcr)
    }
}
