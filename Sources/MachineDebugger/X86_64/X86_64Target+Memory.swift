package import Acceleration
package import Execution
import GDBStub
import Machine

extension X86_64Target {
    /// Returns the address space that the client's addresses refer to.
    package func clientMemory(vcpu: Int) throws(TargetError) -> any AddressSpace { try addressSpace(vcpu: vcpu) }

    func addressSpace(vcpu: Int) throws(TargetError) -> X86_64AddressSpace {
        X86_64AddressSpace(
            machine.memory, paging: isPhysical ? nil : try accelerator.paging(vcpu: vcpu), findsKernel: true)
    }
}
