package import Acceleration
package import Execution
package import HostIO
package import Machine
package import X86_64

/// An x86-64 host's KVM as an accelerator.
package typealias KVMX86_64Accelerator = KVMAccelerator<KVMX86_64Backend>

extension KVMAccelerator: X86_64Accelerator, StepInterruptBlocking where Backend == KVMX86_64Backend {
    /// Makes the virtual machine and its vCPUs.
    ///
    /// - Parameters:
    ///   - machine: with its interrupts delivered from outside: by `interrupts`.
    ///   - takeInput: brings the guest what came from outside; called for one thread at a time.
    package convenience init(
        machine: Machine, interrupts: KVMInterrupts, takeInput: @escaping () -> Void
    ) throws(StartError) {
        try self.init(try KVMX86_64Backend(machine: machine, interrupts: interrupts, takeInput: takeInput))
    }

    package var hasAVX: Bool { backend.host.hasAVX }

    /// Whether the host's KVM can hold interrupts off in a step: KVM_GUESTDBG_BLOCKIRQ, since Linux 5.16.
    package var canBlockInterrupts: Bool { backend.host.blocksInterrupts }

    /// Whether the host's KVM does; otherwise a step clears RFLAGS.IF for its time.
    package var blocksInterrupts: Bool {
        get { backend.processors.allSatisfy(\.blocksInterrupts) }
        set { for processor in backend.processors { processor.blocksInterrupts = newValue && canBlockInterrupts } }
    }

    package func read(_ register: DebuggerRegister, vcpu: Int) throws(TargetError) -> [UInt8] {
        try backend.read(register, vcpu: vcpu)
    }

    package func write(
        _ values: [(register: DebuggerRegister, bytes: [UInt8])], vcpu: Int
    ) throws(TargetError) {
        try backend.write(values, vcpu: vcpu)
    }

    package func paging(vcpu: Int) throws(TargetError) -> X86Paging { try backend.paging(vcpu: vcpu) }

    package func mode(vcpu: Int) throws(TargetError) -> X86Mode { try backend.mode(vcpu: vcpu) }
}
