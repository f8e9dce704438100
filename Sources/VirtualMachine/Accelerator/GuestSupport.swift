import Acceleration
import Execution
import HostIO
import KVMAccelerator
import Machine
import MachineDebugger
import SoftwareAccelerator

/// The accelerators of one guest architecture, and the debugger target for it.
///
/// A new architecture needs a folder with a conforming type, and a line in `GuestSupports.all`.
protocol GuestSupport: Sendable {
    static var architecture: Architecture { get }
    /// Whether a software CPU exists for these guests.
    static var hasSoftwareCPU: Bool { get }

    /// The support for a board; nil if the board's vCPUs have another architecture.
    init?(_ board: any Board)

    var board: any Board { get }
    /// The advice for a user whose options need the software CPU, when KVM would run the guest.
    var adviceOnKVM: StartError.Advice { get }

    /// Returns whether KVM runs the guest under this choice, and the reason if the choice was `auto`.
    func usesKVM(_ choice: AcceleratorChoice) throws(StartError) -> (Bool, reason: String)
    /// Replaces parts of the board that the host's KVM cannot emulate by parts that it can.
    mutating func adaptBoardToKVM()
    func makeGuest(_ parts: GuestParts) throws -> RunnableGuest
}

/// The parts from which an accelerator and its debugger target are built.
struct GuestParts {
    var machine: Machine
    var configuration: VirtualMachineConfiguration
    /// The interrupt lines of KVM's interrupt controller; nil on the software CPU.
    var interrupts: KVMInterrupts?
    var semihosting: Semihosting?
    /// Performs deferred work of devices, and passes arrived input to the guest.
    var poll: () -> Void
    /// Passes arrived input to the guest.
    ///
    /// May be called at any time.
    var takeInput: () -> Void
    var notice: @Sendable (String) -> Void
    var agentText: AgentText
}

/// An accelerator, and a function that builds the debugger target for its guest.
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
