package import AArch64
package import Acceleration
package import Execution
package import HostIO
package import Machine

/// An AArch64 host's KVM as an accelerator.
package typealias KVMAArch64Accelerator = KVMAccelerator<KVMAArch64Backend>

extension KVMAccelerator: AArch64TranslationState, AArch64Accelerator where Backend == KVMAArch64Backend {
    /// Makes the virtual machine and its vCPUs.
    ///
    /// - Parameters:
    ///   - machine: the machine, whose interrupts `interrupts` delivers.
    ///   - board: the machine's board.
    ///   - takeInput: delivers pending input from the host to the devices; called on one thread at a time.
    package convenience init(
        machine: Machine, board: AArch64Board, interrupts: KVMInterrupts, takeInput: @escaping () -> Void
    ) throws(StartError) {
        try self.init(
            try KVMAArch64Backend(machine: machine, board: board, interrupts: interrupts, takeInput: takeInput))
    }

    package var features: ArchitectureFeatures { backend.features }
    package var physicalAddressBits: Int { backend.physicalAddressBits }
    package var systemRegisters: [SystemRegister] { backend.systemRegisters }
    package var vectorLengths: VectorLengths? { backend.vectorLengths }

    package func earlierTTBR1(vcpu: Int) -> UInt64? { backend.earlierTTBR1(vcpu: vcpu) }

    package func read(_ register: GuestRegister, vcpu: Int) throws(TargetError) -> UInt64 {
        try backend.read(register, vcpu: vcpu)
    }

    package func write(_ register: GuestRegister, _ value: UInt64, vcpu: Int) throws(TargetError) {
        try backend.write(register, value, vcpu: vcpu)
    }

    package func readVector(_ index: Int, vcpu: Int) throws(TargetError) -> VectorValue {
        try backend.readVector(index, vcpu: vcpu)
    }

    package func writeVector(_ index: Int, _ value: VectorValue, vcpu: Int) throws(TargetError) {
        try backend.writeVector(index, value, vcpu: vcpu)
    }

    package func readBytes(of register: ScalableRegister, vcpu: Int) throws(TargetError) -> [UInt8] {
        try backend.readBytes(of: register, vcpu: vcpu)
    }

    package func writeBytes(of register: ScalableRegister, _ bytes: [UInt8], vcpu: Int) throws(TargetError) {
        try backend.writeBytes(of: register, bytes, vcpu: vcpu)
    }

    /// BRK only, because KVM intercepts only debug exceptions.
    package var catchableExceptions: [ExceptionCatches.Class] { [.brk] }
    package func caughtException(vcpu: Int) -> CaughtException? { backend.processors[vcpu].caught }

    /// All but `always`, because KVM delivers the interrupts of a running guest itself.
    package var interruptHoldings: [InterruptHolding] { [.never, .whileStepping] }

    package func interrupts(vcpu: Int) -> [InterruptState]? { backend.interrupts(vcpu: vcpu) }
}
