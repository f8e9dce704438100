import Acceleration
import Execution
import HostIO
import KVMAccelerator
import Machine
import MachineDebugger
import SoftwareAccelerator

/// Support for AArch64 guests: the software CPU on any host, and KVM on AArch64 hosts.
struct AArch64Support: GuestSupport {
    static let architecture = Architecture.aarch64
    static let hasSoftwareCPU = true

    private var aarch64: AArch64Board

    init?(_ board: any Board) {
        guard let board = board as? AArch64Board else { return nil }
        aarch64 = board
    }

    var board: any Board { aarch64 }
    var adviceOnKVM: StartError.Advice { .softwareCPU }

    func usesKVM(_ choice: AcceleratorChoice) throws(StartError) -> (Bool, reason: String) {
        switch choice {
        case .software: return (false, "")
        case .kvm:
            guard let refusal = AcceleratorSupport.kvmRefusal(Self.architecture) else { return (true, "") }
            throw StartError(.accelerator("kvm"), refusal, advice: .softwareCPU)
        case .auto:
            // On other hosts there is no choice, and therefore no reason to report.
            guard Architecture.host == Self.architecture else { return (false, "") }
            return AcceleratorSupport.automaticChoice(
                kvm: KVMProbe.report(), software: (try? SoftwareCPUProbe.run())?.nanosecondsPerIteration)
        }
    }

    /// Gives the board the newest interrupt controller that the host's KVM emulates.
    mutating func adaptBoardToKVM() {
        if let version = KVMAArch64Host.newestInterruptController() { aarch64.gic.version = version }
    }

    func makeGuest(_ parts: GuestParts) throws -> RunnableGuest {
        let machine = parts.machine
        let accelerator: any AArch64Accelerator
        if let interrupts = parts.interrupts {
            accelerator = try KVMAArch64Accelerator(
                machine: machine, board: aarch64, interrupts: interrupts, takeInput: parts.poll)
        } else {
            let software = SoftwareAccelerator(
                machine: machine, vcpuCount: parts.configuration.vcpuCount, model: parts.configuration.processor.model,
                idleTime: parts.configuration.idleTime, semihosting: parts.semihosting, poll: parts.poll,
                takeInput: parts.takeInput)
            software.setNotice(parts.notice)
            accelerator = software
        }
        let text = parts.agentText
        return RunnableGuest(accelerator: accelerator) { machineReset in
            AArch64Target(
                machine: machine, accelerator: accelerator, machineReset: machineReset, agentOutput: { text.put($0) })
        }
    }
}
