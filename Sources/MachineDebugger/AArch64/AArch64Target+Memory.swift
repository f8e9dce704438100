package import Acceleration
package import Execution
import GDBStub
import Machine

extension AArch64Target {
    package func clientMemory(vcpu: Int) throws(TargetError) -> any AddressSpace { try addressSpace(vcpu: vcpu) }

    /// The vCPU's address space, with what only AArch64's has.
    func addressSpace(vcpu: Int) throws(TargetError) -> AArch64AddressSpace {
        switch regime {
        case .automatic: try AArch64AddressSpace(accelerator, memory: machine.memory, vcpu: vcpu, findsKernel: true)
        case .el1: try AArch64AddressSpace(accelerator, memory: machine.memory, vcpu: vcpu)
        case .physical: AArch64AddressSpace(physical: machine.memory)
        }
    }
}
