package import Acceleration
package import Execution
import GDBStub
import Machine

extension MachineTarget {
    package func clientMemory(vcpu: Int) throws(TargetError) -> any AddressSpace { try addressSpace(vcpu: vcpu) }

    /// The same, for what only this architecture's has.
    func addressSpace(vcpu: Int) throws(TargetError) -> GuestAddressSpace {
        switch regime {
        case .automatic: try GuestAddressSpace(accelerator, memory: machine.memory, vcpu: vcpu, findsKernel: true)
        case .el1: try GuestAddressSpace(accelerator, memory: machine.memory, vcpu: vcpu)
        case .physical: GuestAddressSpace(physical: machine.memory)
        }
    }
}
