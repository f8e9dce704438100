package import Acceleration
package import Execution
package import GDBStub
package import Machine
package import TargetDescription
import X86_64

/// An x86-64 machine as the target of a debug session.
package final class X86_64Target: DebuggedMachine, @unchecked Sendable {
    // SAFETY: only the serving thread uses it while the vCPUs are held, and only the vCPU thread while they run.
    package let machine: Machine
    let accelerator: any X86_64Accelerator
    package var debug = GuestDebug()
    package var applied = GuestDebug()
    package let machineAgent: Agent
    package let physicalMap: PhysicalMap
    /// Whether the client's addresses are guest-physical.
    var isPhysical = false
    package let machineReset: MachineReset
    package static let breakpointInstruction = "INT3"

    package let description: TargetDescription
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

    package var vcpus: any Accelerator { accelerator }

    package func endOfSession() {
        isPhysical = false
        machine.bus.trace = nil
        (accelerator as? any BreakpointPatching)?.prefersPatches = false
        (accelerator as? any StepInterruptBlocking)?.blocksInterrupts = true
        debug = GuestDebug()
        try? set(debug)
    }

    // MARK: Breakpoints

    /// Accepts every address, because instructions have no alignment.
    package func check(instructionAt address: UInt64) throws(TargetError) {}

    /// Always true, because there is no command to bind breakpoints.
    package func isBound(_ address: UInt64, toCurrentSpaceOf vcpu: Int) -> Bool { true }

    package var stepsHoldInterrupts: Bool { true }

    package func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError) {
        guard hold else { throw .invalid("the accelerator \(accelerator.name) always holds interrupts off in a step") }
    }
}
