package import AArch64
package import GDBStub
import KVM
package import Machine

/// The host's KVM as an accelerator: a thread for each vCPU, and this object, on the thread of whoever calls `run`, as
/// the one that lets them go and gathers them.
package final class KVMAccelerator: Accelerator {
    package let name = "kvm"
    package let features: ArchitectureFeatures
    package let physicalAddressBits: Int
    package let systemRegisters: [SystemRegister]
    package let vectorLengths: VectorLengths?

    let guest: KVMGuest
    let processors: [KVMProcessor]
    private let host: KVMHost
    let board = KVMBoard()
    var plan = KVMDebugPlan()
    var patches = KVMCodePatches()
    /// Stops that were not reported because another vCPU's was: they are when their turn comes.
    var pending: [Int: KVMPendingStop] = [:]
    /// Why the machine can't run, if it can't.
    var failure: String?
    /// Breakpoints go into memory although registers are free: for what has to be told apart from them.
    package var prefersPatches = false

    /// The guest's virtual counter while no vCPU runs; nil before the first run.
    var heldCounter: UInt64?

    /// How many steps in a row have gone before such a stop.
    var deferrals = 0

    /// Makes the virtual machine and its vCPUs.
    ///
    /// - Parameters:
    ///   - machine: with its interrupts delivered from outside: by `interrupts`.
    ///   - takeInput: brings the guest what came from outside; called for one thread at a time.
    package init(
        machine: Machine, interrupts: KVMInterrupts, takeInput: @escaping () -> Void
    ) throws(StartError) {
        let vcpuCount = machine.vcpuCount
        let guest = KVMGuest(machine, takeInput: takeInput)
        self.guest = guest
        host = try KVMHost(machine.layout, vcpuCount: vcpuCount, memory: machine.memory)
        processors = (0..<vcpuCount).map { KVMProcessor($0, machine: guest) }
        do throws(KVMError) {
            try Self.rebuild(host, processors, isFirst: true)
            let first = processors[0]
            let list = Set(try first.withVCPU { (vcpu) throws(KVMError) in try vcpu.registerList() })
            systemRegisters = SystemRegisterTable.rows.filter { row in
                KVMRegisterID.systemRegister(row.encoding).map(list.contains) ?? false
            }
            vectorLengths =
                list.contains(KVMRegisterID.vectorLengths) ? try first.vectorLengths() : nil
        } catch {
            throw StartError("--accel kvm", error)
        }
        let first = processors[0]
        features = ArchitectureFeatures { (try? first.system($0)) ?? 0 }
        let range = (try? first.system(.idAA64MMFR0)) ?? 0
        physicalAddressBits = TCR.physicalAddressBits(encoding: UInt8(truncatingIfNeeded: range))
        guest.features = features
        guest.physicalAddressBits = physicalAddressBits
        guest.debugRegisters = host.debugRegisters
        interrupts.host = host
        machine.memory.onChange = { [unowned host] in try? host.mapMemory() }
        do throws(HostError) {
            for processor in processors { try processor.start(board) }
        } catch {
            throw StartError(description: error.description)
        }
    }

    deinit {
        for processor in processors { processor.end() }
    }

    package var vcpuCount: Int { processors.count }

    // MARK: From other threads

    package func requestStop() { board.requestStop() }
    package func clearStopRequest() { board.clearStopRequest() }
    package func kick() { board.kick() }

    // MARK: State

    package func reset(_ boot: BootState) {
        pending = [:]
        heldCounter = nil
        do throws(KVMError) {
            try Self.rebuild(host, processors, isFirst: false)
            try processors[0].write(KVMRegisterID.pc, boot.pc)
            try processors[0].write(KVMRegisterID.x(0), boot.x0)
            try processors[0].write(KVMRegisterID.pstate, boot.pstate)
        } catch {
            failure = "the host's KVM can't make the machine anew: \(HostError(error.operation, errno: error.errno))"
        }
    }

    private static func rebuild(
        _ host: KVMHost, _ processors: [KVMProcessor], isFirst: Bool
    ) throws(KVMError) {
        try host.rebuild(isFirst: isFirst) { number, vcpu in processors[number].install(vcpu) }
    }

    package func setGuestDebug(_ debug: GuestDebug) throws(TargetError) {
        plan = try KVMDebugPlan(debug, counts: host.debugRegisters, prefersPatches: prefersPatches) { address in
            physical(address) != nil
        }
    }

    package func memoryChanged(_ range: Range<UInt64>) {
        guard let region = guest.machine.memory.region(at: range.lowerBound) else { return }
        let count = min(range.upperBound, region.end) - range.lowerBound
        synchronizeCode(region.host + Int(range.lowerBound - region.base), count: Int(count))
    }

    package func activity(vcpu: Int) -> VCPUActivity {
        let processor = processors[vcpu]
        if processor.isOff { return .off }
        return processor.isAfterWait ? .waiting : .running
    }

    /// The kernel's table that was seen last, with the ASID that the vCPU will have with it.
    package func earlierTTBR1(vcpu: Int) -> UInt64? {
        guard let table = processors[vcpu].kernelTable, let current = try? processors[vcpu].system(.ttbr1) else {
            return nil
        }
        return KernelTableSearch.kernels(table, pairedWith: current)
    }

    package var watchpointCount: Int? { host.debugRegisters.watchpoints }

    /// KVM has nothing but debug exceptions come out of the guest.
    package var catchableExceptions: [ExceptionCatches.Class] { [.brk] }
    package func caughtException(vcpu: Int) -> CaughtException? { processors[vcpu].caught }

    /// A running guest's interrupts are KVM's.
    package var interruptHoldings: [InterruptHolding] { [.never, .whileStepping] }

    package var exitCounts: [ExitCount]? { KVMExitCounter.rows(processors.map(\.exits)) }

    package func interrupts(vcpu: Int) -> [InterruptState]? {
        guard let affinity = try? processors[vcpu].system(.mpidr) else { return nil }
        return try? host.interrupts(affinity: affinity)
    }

    // MARK: Patches

    /// The RAM behind a virtual address, by the tables of the first vCPU that has it.
    private func physical(_ address: UInt64) -> UInt64? {
        for vcpu in processors.indices where !processors[vcpu].isOff {
            let space = try? GuestAddressSpace(self, memory: guest.machine.memory, vcpu: vcpu, findsKernel: true)
            if let physical = try? space?.translate(address).physical,
                guest.machine.memory.region(at: physical)?.kind == .ram
            {
                return physical
            }
        }
        return nil
    }

    func insertPatches() {
        guard !plan.patched.isEmpty else { return }
        patches.insert(Set(plan.patched.compactMap { physical($0) }), into: guest.machine.memory)
        plan.patchedMemory = patches.addresses
    }

    func removePatches() {
        patches.remove(from: guest.machine.memory)
        plan.patchedMemory = []
    }
}
