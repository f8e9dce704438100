package import GDBStub
import Machine

extension MachineTarget {
    /// The memory the client's addresses mean.
    func addressSpace(vcpu: Int) throws(TargetError) -> GuestAddressSpace {
        switch regime {
        case .automatic: try GuestAddressSpace(accelerator, memory: machine.memory, vcpu: vcpu, findsKernel: true)
        case .el1: try GuestAddressSpace(accelerator, memory: machine.memory, vcpu: vcpu)
        case .physical: GuestAddressSpace(physical: machine.memory)
        }
    }

    package func readMemory(_ address: UInt64, count: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        try addressSpace(vcpu: vcpu).read(address, count: count)
    }

    package func writeMemory(_ address: UInt64, bytes: [UInt8], vcpu: Int) throws(TargetError) {
        var rest = bytes[...]
        for range in try addressSpace(vcpu: vcpu).ranges(address, count: bytes.count) {
            do throws(MemoryError) {
                try machine.memory.write(range.lowerBound, Array(rest.prefix(range.count)))
            } catch {
                throw .fault(error.description)
            }
            rest = rest.dropFirst(range.count)
            accelerator.memoryChanged(range)
        }
    }
}
