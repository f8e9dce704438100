package import Acceleration
package import Execution
package import GDBStub
package import Machine
package import TargetDescription
import X86_64

/// An x86-64 machine as the target of a debug session.
package final class X86_64Target: DebuggedMachine, @unchecked Sendable {
    // SAFETY: only the serving thread uses it while the vCPUs are held, and only the vCPU thread while they run.
    /// The machine that is debugged.
    package let machine: Machine
    let accelerator: any X86_64Accelerator
    /// The stop points and catches that the client has set.
    package var debug = GuestDebug()
    /// The stop points and catches in effect, the agent's included.
    package var applied = GuestDebug()
    /// Conditions, commands and tracepoints.
    package let machineAgent: Agent
    /// The guest-physical memory map, fixed once the machine is built.
    package let physicalMap: PhysicalMap
    /// Whether the client's addresses are guest-physical.
    var isPhysical = false
    /// The reset of memory, devices and vCPUs.
    package let machineReset: MachineReset
    /// The instruction of a software breakpoint in memory.
    package static let breakpointInstruction = "INT3"

    /// The registers and features of target.xml.
    package let description: TargetDescription
    /// The description in the forms that sessions need.
    package let preparedDescription: PreparedDescription?

    /// - Parameter agentOutput: takes the agent's text, on the thread that runs the vCPUs.
    package init(
        machine: Machine, accelerator: any X86_64Accelerator, machineReset: MachineReset,
        agentOutput: @escaping ([UInt8]) -> Void
    ) {
        machineAgent = Agent(output: agentOutput)
        self.machine = machine
        self.accelerator = accelerator
        self.machineReset = machineReset
        physicalMap = PhysicalMap(machine)
        description = X86_64TargetDescription.description(hasAVX: accelerator.hasAVX)
        preparedDescription = PreparedDescription(description)
    }

    /// The accelerator that runs the vCPUs.
    package var vcpus: any Accelerator { accelerator }

    /// Restores all settings of the session to their defaults, so that the next session starts without them.
    package func endOfSession() {
        isPhysical = false
        machine.bus.trace = nil
        (accelerator as? any BreakpointPatching)?.prefersPatches = false
        (accelerator as? any StepInterruptBlocking)?.blocksInterrupts = true
        debug = GuestDebug()
        try? set(debug)
    }

    // MARK: Breakpoints

    /// Accepts every address, because x86 instructions have no alignment.
    package func check(instructionAt address: UInt64) throws(TargetError) {}

    /// Always true, because there is no command to bind breakpoints.
    package func isBound(_ address: UInt64, toCurrentSpaceOf vcpu: Int) -> Bool { true }

    /// Always true: interrupts are held off while a vCPU steps.
    package var stepsHoldInterrupts: Bool { true }

    /// Throws if `hold` is false, because steps always hold off interrupts.
    package func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError) {
        guard hold else { throw .invalid("the accelerator \(accelerator.name) always holds interrupts off in a step") }
    }
}
