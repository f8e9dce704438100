package import Acceleration
package import Execution
import GDBStub
import Machine

extension AArch64Target {
    /// Returns the address space that the client's addresses refer to.
    package func clientMemory(vcpu: Int) throws(TargetError) -> any AddressSpace { try addressSpace(vcpu: vcpu) }

    /// Returns the vCPU's address space as its AArch64 type.
    func addressSpace(vcpu: Int) throws(TargetError) -> AArch64AddressSpace {
        switch regime {
        case .automatic: try AArch64AddressSpace(accelerator, memory: machine.memory, vcpu: vcpu, findsKernel: true)
        case .el1: try AArch64AddressSpace(accelerator, memory: machine.memory, vcpu: vcpu)
        case .physical: AArch64AddressSpace(physical: machine.memory)
        }
    }
}
