package import AArch64
package import Acceleration
import Execution
package import HostIO
import KVM
package import Machine

/// An AArch64 host's KVM as an accelerator.
package final class KVMAArch64Accelerator: KVMAccelerator, AArch64Accelerator {
    // All of them are known when the first vCPU is there, and never change.
    package private(set) var features: ArchitectureFeatures = []
    package private(set) var physicalAddressBits = 40
    package private(set) var systemRegisters: [SystemRegister] = []
    package private(set) var vectorLengths: VectorLengths?

    /// The guest's virtual counter while no vCPU runs; nil before the first run.
    var heldCounter: UInt64?
    /// The virtual counter when the current run began.
    private var releasedCounter: UInt64?

    let arm: [KVMAArch64Processor]
    private let armHost: KVMAArch64Host

    /// Makes the virtual machine and its vCPUs.
    ///
    /// - Parameters:
    ///   - machine: with its interrupts delivered from outside: by `interrupts`.
    ///   - board: the machine's.
    ///   - takeInput: brings the guest what came from outside; called for one thread at a time.
    package init(
        machine: Machine, board: AArch64Board, interrupts: KVMInterrupts, takeInput: @escaping () -> Void
    ) throws(StartError) {
        let guest = KVMGuest(machine, takeInput: takeInput)
        armHost = try KVMAArch64Host(board, vcpuCount: machine.vcpuCount, memory: machine.memory)
        let arm = (0..<machine.vcpuCount).map { KVMAArch64Processor($0, machine: guest) }
        self.arm = arm
        try super.init(armHost, guest: guest, processors: arm, interrupts: interrupts, breakpoint: Self.brk)
        let first = arm[0]
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
        guest.features = features
        guest.physicalAddressBits = physicalAddressBits
        guest.debugRegisters = armHost.debugRegisters
        try startThreads()
    }

    /// BRK #0.
    private static let brk: [UInt8] = [0x00, 0x00, 0x20, 0xd4]

    override func begin(_ boot: BootState) throws(KVMError) {
        heldCounter = nil
        releasedCounter = nil
        try arm[0].write(KVMRegisterID.pc, boot.pc)
        try arm[0].write(KVMRegisterID.x(0), boot.x0)
        try arm[0].write(KVMRegisterID.pstate, boot.pstate)
    }

    override func makePlan(_ debug: GuestDebug) throws(TargetError) -> KVMDebugPlan {
        try KVMDebugPlan(debug, counts: armHost.debugRegisters, prefersPatches: prefersPatches) { address in
            physical(address) != nil
        }
    }

    override func memory(of vcpu: Int) -> (any AddressSpace)? {
        try? AArch64AddressSpace(self, memory: guest.machine.memory, vcpu: vcpu, findsKernel: true)
    }

    // A kernel that is held for minutes would find its watchdogs expired and its timers all due at once; so its virtual
    // counter continues where it stood, as QEMU's does. KVM keeps one offset for all vCPUs.
    override func holdTime() {
        heldCounter = try? arm[0].system(.cntvct)
    }

    override func releaseTime() {
        setTime()
        releasedCounter = heldCounter
        heldCounter = nil
    }

    /// Counts a step as one tick, unless the vCPU may have read a later time from its timers: time never goes back.
    override func holdTime(afterStepOf vcpu: Int) {
        guard let releasedCounter, !arm[vcpu].hasReadTimers else { return holdTime() }
        heldCounter = releasedCounter &+ 1
    }

    /// Sets the virtual counter to where it is held, because it runs on in KVM.
    func setTime() {
        guard let count = heldCounter, let id = KVMRegisterID.systemRegister(.cntvct) else { return }
        // On a host whose KVM cannot set it, time passes while the guest is held.
        try? arm[0].write(id, count)
    }

    package override var watchpointCount: Int? { armHost.debugRegisters.watchpoints }

    /// The kernel's table that was seen last, with the ASID that the vCPU will have with it.
    package func earlierTTBR1(vcpu: Int) -> UInt64? {
        guard let table = arm[vcpu].kernelTable, let current = try? arm[vcpu].system(.ttbr1) else { return nil }
        return KernelTableSearch.kernels(table, pairedWith: current)
    }

    /// KVM has nothing but debug exceptions come out of the guest.
    package var catchableExceptions: [ExceptionCatches.Class] { [.brk] }
    package func caughtException(vcpu: Int) -> CaughtException? { arm[vcpu].caught }

    /// A running guest's interrupts are KVM's.
    package var interruptHoldings: [InterruptHolding] { [.never, .whileStepping] }

    package func interrupts(vcpu: Int) -> [InterruptState]? {
        guard let affinity = try? arm[vcpu].system(.mpidr) else { return nil }
        return try? armHost.interrupts(affinity: affinity)
    }
}
