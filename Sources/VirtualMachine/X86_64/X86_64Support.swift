import Acceleration
import Execution
import HostIO
import KVMAccelerator
import Machine
import MachineDebugger

/// Support for x86-64 guests: KVM on x86-64 hosts only.
struct X86_64Support: GuestSupport {
    static let architecture = Architecture.x86_64
    static let hasSoftwareCPU = false

    let board: any Board

    init?(_ board: any Board) {
        guard board is PCBoard else { return nil }
        self.board = board
    }

    var adviceOnKVM: StartError.Advice { .leaveOut(machine: board.name) }

    func usesKVM(_ choice: AcceleratorChoice) throws(StartError) -> (Bool, reason: String) {
        guard choice != .software else {
            throw StartError(
                .accelerator("software"), "there is no software CPU for x86-64", advice: .kvm(host: "x86-64"))
        }
        guard let refusal = AcceleratorSupport.kvmRefusal(Self.architecture) else { return (true, "") }
        throw StartError(.machine(board.name), "needs KVM, because there is no software CPU for x86-64: \(refusal)")
    }

    mutating func adaptBoardToKVM() {}

    func makeGuest(_ parts: GuestParts) throws -> RunnableGuest {
        guard let interrupts = parts.interrupts else { preconditionFailure("x86-64 guests run on KVM only") }
        let machine = parts.machine
        let accelerator = try KVMX86_64Accelerator(
            machine: machine, interrupts: interrupts, takeInput: parts.poll)
        let text = parts.agentText
        return RunnableGuest(accelerator: accelerator) { machineReset in
            X86_64Target(
                machine: machine, accelerator: accelerator, machineReset: machineReset, agentOutput: { text.put($0) })
        }
    }
}
