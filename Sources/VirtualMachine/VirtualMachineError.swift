package import HostIO
package import Machine

/// Why a virtual machine could not be made.
package enum VirtualMachineError: Error, Equatable, Sendable {
    /// A part of it is not available here.
    case start(StartError)
    /// The machine can't be built, or its images can't be loaded.
    case machine(MachineError)
}
