import Acceleration
import Execution
import HostIO
import KVMAccelerator
import Machine
import MachineDebugger
import SoftwareAccelerator

/// The accelerators of one guest architecture, and the debugger's target for it.
///
/// A new architecture is a folder with a type that conforms, and a line in `GuestSupports.all`.
protocol GuestSupport: Sendable {
    static var architecture: Architecture { get }
    /// Whether there is a software CPU for these guests.
    static var hasSoftwareCPU: Bool { get }

    /// Fails if the board's vCPUs have another architecture.
    init?(_ board: any Board)

    var board: any Board { get }
    /// The advice for a user who asked for something that only the software CPU can do.
    var adviceOnKVM: StartError.Advice { get }

    /// Whether a choice comes to KVM, and why if it was `auto`'s.
    func usesKVM(_ choice: AcceleratorChoice) throws(StartError) -> (Bool, reason: String)
    /// Gives the board what the host's KVM has in place of what it can't give.
    mutating func adaptBoardToKVM()
    func makeGuest(_ parts: GuestParts) throws -> RunnableGuest
}

/// The parts from which an accelerator and its debugger target are made.
struct GuestParts {
    var machine: Machine
    var configuration: VirtualMachineConfiguration
    /// Nil on the software CPU.
    var interrupts: KVMInterrupts?
    var semihosting: Semihosting?
    /// Gives the devices their time, and the guest what came from outside.
    var poll: () -> Void
    /// Brings the guest what has arrived; may be called at any time.
    var takeInput: () -> Void
    var notice: @Sendable (String) -> Void
    var agentText: AgentText
}

/// An accelerator, and the debugger's view of its guest.
struct RunnableGuest {
    var accelerator: any Accelerator
    var makeTarget: (MachineReset) -> any DebuggedMachine
}

enum GuestSupports {
    static let all: [any GuestSupport.Type] = [AArch64Support.self, X86_64Support.self]

    static func support(of board: any Board) throws(StartError) -> any GuestSupport {
        for type in all {
            if let support = type.init(board) { return support }
        }
        throw StartError(.machine(board.name), "has vCPUs that nothing runs: \(board.architecture.rawValue)")
    }
}
