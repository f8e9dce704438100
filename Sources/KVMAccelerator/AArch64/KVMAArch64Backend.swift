package import AArch64
package import Acceleration
package import Execution
import GuestAddresses
import HostIO
package import KVM
package import Machine

/// The vCPUs of an AArch64 host's KVM.
package final class KVMAArch64Backend: KVMBackend, AArch64TranslationState {
    package let vcpus: KVMVCPUs<KVMAArch64Processor>
    private let host: KVMAArch64Host

    // Set when the first vCPU exists, and constant from then on.
    package let features: ArchitectureFeatures
    package let physicalAddressBits: Int
    let systemRegisters: [SystemRegister]
    let vectorLengths: VectorLengths?

    /// The guest's virtual counter while no vCPU runs; nil before the first run.
    var heldCounter: UInt64?
    /// The virtual counter when the current run began.
    private var releasedCounter: UInt64?

    /// Makes the virtual machine and its vCPUs.
    ///
    /// - Parameters:
    ///   - machine: the machine, whose interrupts `interrupts` delivers.
    ///   - board: the machine's board.
    ///   - takeInput: delivers pending input from the host to the devices; called on one thread at a time.
    init(
        machine: Machine, board: AArch64Board, interrupts: KVMInterrupts, takeInput: @escaping () -> Void
    ) throws(StartError) {
        let guest = KVMGuest(machine, takeInput: takeInput)
        host = try KVMAArch64Host(board, vcpuCount: machine.vcpuCount, memory: machine.memory)
        vcpus = try KVMVCPUs(
            host, guest: guest, processors: (0..<machine.vcpuCount).map { KVMAArch64Processor($0, guest: guest) },
            interrupts: interrupts, breakpoint: Self.brk)
        let first = vcpus.processors[0]
        do throws(KVMError) {
            let list = Set(try first.withVCPU { (vcpu) throws(KVMError) in try vcpu.registerList() })
            systemRegisters = SystemRegisterTable.rows.filter { row in
                KVMRegisterID.systemRegister(row.encoding).map(list.contains) ?? false
            }
            vectorLengths = list.contains(KVMRegisterID.vectorLengths) ? try first.vectorLengths() : nil
        } catch {
            throw StartError(error)
        }
        features = ArchitectureFeatures { (try? first.system($0)) ?? 0 }
        let range = (try? first.system(.idAA64MMFR0)) ?? 0
        physicalAddressBits = TCR.physicalAddressBits(encoding: UInt8(truncatingIfNeeded: range))
        for processor in vcpus.processors {
            processor.features = features
            processor.physicalAddressBits = physicalAddressBits
            processor.debugRegisters = host.debugRegisters
        }
    }

    /// BRK #0.
    private static let brk: [UInt8] = [0x00, 0x00, 0x20, 0xd4]

    package func begin(_ boot: BootState) throws(KVMError) {
        heldCounter = nil
        releasedCounter = nil
        try processors[0].write(KVMRegisterID.pc, boot.pc.rawValue)
        try processors[0].write(KVMRegisterID.x(0), boot.x0.rawValue)
        try processors[0].write(KVMRegisterID.pstate, boot.pstate)
    }

    package func makePlan(_ debug: GuestDebug) throws(TargetError) -> KVMDebugPlan<KVMAArch64DebugRegisters> {
        try KVMDebugPlan(debug, counts: host.debugRegisters, prefersPatches: prefersPatches) { address in
            physical(address) != nil
        }
    }

    package func activity(vcpu: Int) -> VCPUActivity { processors[vcpu].activity }

    package func memory(of vcpu: Int) -> (any AddressSpace)? {
        try? AArch64AddressSpace(self, memory: guest.machine.memory, vcpu: vcpu, findsKernel: true)
    }

    // A kernel that is held for minutes would find its watchdogs expired and all its timers due at once. So its virtual
    // counter continues from the value at the stop, as in QEMU. KVM has one offset for all vCPUs.
    package func holdTime() {
        heldCounter = try? processors[0].system(.cntvct)
    }

    package func releaseTime() {
        setTime()
        releasedCounter = heldCounter
        heldCounter = nil
    }

    /// Counts a step as one tick, unless the vCPU may have read a later time from its timers: time never goes back.
    package func holdTime(afterStepOf vcpu: Int) {
        guard let releasedCounter, !processors[vcpu].hasReadTimers else { return holdTime() }
        heldCounter = releasedCounter &+ 1
    }

    /// Sets the virtual counter to its held value, because it continues to run in KVM.
    func setTime() {
        guard let count = heldCounter, let id = KVMRegisterID.systemRegister(.cntvct) else { return }
        // On a host whose KVM cannot set it, time passes while the guest is held.
        try? processors[0].write(id, count)
    }

    /// Arm ARM, "Watchpoint exceptions": the exception comes before the access.
    package var watchpointsStopAfterAccess: Bool { false }
    package var watchpointCount: Int? { host.debugRegisters.watchpoints }

    /// The kernel's table that was recorded last, with the ASID that the vCPU will have with it.
    package func earlierTTBR1(vcpu: Int) -> UInt64? {
        guard let table = processors[vcpu].kernelTable, let current = try? processors[vcpu].system(.ttbr1) else {
            return nil
        }
        return KernelTableSearch.kernels(table, pairedWith: current)
    }

    func interrupts(vcpu: Int) -> [InterruptState]? {
        guard let affinity = try? processors[vcpu].system(.mpidr) else { return nil }
        return try? host.interrupts(affinity: affinity)
    }
}
