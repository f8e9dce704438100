package import Acceleration
package import Execution
import GuestMemory
import HostIO
import KVM
package import Machine

/// The host's KVM as an accelerator: a thread for each vCPU, and this object, on the thread of whoever calls `run`, as
/// the one that lets them go and gathers them.
///
/// What registers there are, and how stop points are put into them, is the architecture's: see the subclasses.
package class KVMAccelerator: BreakpointPatching {
    package let name = "kvm"

    let guest: KVMGuest
    let processors: [KVMProcessor]
    private let host: any KVMHost
    let board = KVMBoard()
    var plan = KVMDebugPlan()
    var patches: KVMCodePatches
    /// Stops that were not reported because another vCPU's was: they are when their turn comes.
    var pending: [Int: KVMPendingStop] = [:]
    /// Why the machine can't run, if it can't.
    var failure: String?
    /// Breakpoints go into memory although registers are free: for what has to be told apart from them.
    package var prefersPatches = false

    /// How many steps in a row have gone before such a stop.
    var deferrals = 0

    /// Makes the vCPUs of a host's virtual machine.
    ///
    /// - Parameters:
    ///   - interrupts: deliver the machine's; by the host from now on.
    ///   - breakpoint: the instruction that is put into memory.
    init(
        _ host: any KVMHost, guest: KVMGuest, processors: [KVMProcessor], interrupts: KVMInterrupts, breakpoint: [UInt8]
    ) throws(StartError) {
        self.host = host
        self.guest = guest
        self.processors = processors
        patches = KVMCodePatches(breakpoint)
        do throws(KVMError) {
            try Self.rebuild(host, processors, isFirst: true)
        } catch {
            throw StartError(error)
        }
        interrupts.host = host
        guest.onWorkLeft = { [board] in board.kick() }
        let memory = guest.machine.memory
        memory.onChange = { [unowned host] in try? host.mapMemory() }
        memory.observeWrites { [unowned memory] range, writer in
            guard writer == .host else { return }
            Self.synchronize(range, of: memory)
        }
    }

    private static func synchronize(_ range: Range<PhysicalAddress>, of memory: GuestMemory) {
        for region in memory.regions {
            let part = range.clamped(to: region.base..<region.end)
            guard !part.isEmpty else { continue }
            // SAFETY: `part` lies within the region.
            synchronizeCode(region.unsafeHostAddress + Int(part.lowerBound - region.base), count: part.count)
        }
    }

    /// Starts the vCPUs' threads: the last thing before the machine is ready.
    func startThreads() throws(StartError) {
        do throws(HostError) {
            for processor in processors { try processor.start(board) }
        } catch {
            throw StartError(.other, error.description)
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
        do throws(KVMError) {
            try Self.rebuild(host, processors, isFirst: false)
            try begin(boot)
        } catch {
            failure = "the host's KVM can't make the machine anew: \(HostError(error.operation, errno: error.errno))"
        }
    }

    /// Puts the first vCPU into the state in which the machine starts.
    func begin(_ boot: BootState) throws(KVMError) { missing() }

    private func missing(_ name: String = #function) -> Never {
        preconditionFailure("KVMAccelerator.\(name) is the architecture's")
    }

    private static func rebuild(
        _ host: any KVMHost, _ processors: [KVMProcessor], isFirst: Bool
    ) throws(KVMError) {
        try host.rebuild(isFirst: isFirst) { number, vcpu in processors[number].install(vcpu) }
    }

    package func setGuestDebug(_ debug: GuestDebug) throws(TargetError) {
        plan = try makePlan(debug)
    }

    /// Where the stop points go.
    func makePlan(_ debug: GuestDebug) throws(TargetError) -> KVMDebugPlan { missing() }

    package func programCounter(vcpu: Int) throws(TargetError) -> UInt64 {
        do throws(KVMError) {
            return try processors[vcpu].programCounter()
        } catch {
            throw .invalid("the program counter of vCPU \(vcpu): \(HostError(error.operation, errno: error.errno))")
        }
    }

    /// Stops the guest's clock: no vCPU runs any more.
    func holdTime() {}
    /// Continues the guest's clock from where it was held.
    func releaseTime() {}
    /// Stops the guest's clock after a step of one vCPU while the others were held: at the time one instruction takes,
    /// unless the guest has read how long the entry to KVM and the exit took.
    func holdTime(afterStepOf vcpu: Int) { holdTime() }

    /// How many watchpoints there can be; nil if that can't be said.
    package var watchpointCount: Int? { nil }

    package func activity(vcpu: Int) -> VCPUActivity {
        let processor = processors[vcpu]
        if processor.isOff { return .off }
        return processor.isAfterWait ? .waiting : .running
    }

    package var exitCounts: [ExitCount]? { KVMExitCounter.rows(processors.map(\.exits)) }

    // MARK: Patches

    /// A vCPU's memory as the debugger sees it; nil if it has no registers to tell.
    func memory(of vcpu: Int) -> (any AddressSpace)? { missing() }

    /// The RAM behind a virtual address, by the tables of the first vCPU that has it.
    func physical(_ address: UInt64) -> PhysicalAddress? {
        for vcpu in processors.indices where !processors[vcpu].isOff {
            if let physical = try? memory(of: vcpu)?.translate(VirtualAddress(address)).physical,
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
