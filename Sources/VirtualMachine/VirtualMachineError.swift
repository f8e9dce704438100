package import HostIO
package import Machine

/// The reason why a virtual machine could not be built.
package enum VirtualMachineError: Error, Equatable, Sendable {
    /// A part is not available on this host, or an option is not allowed.
    case start(StartError)
    /// The machine cannot be built, or its images cannot be loaded.
    case machine(MachineError)
}
