import Acceleration
import GuestAddresses
import GuestMemory
import HostIO
import KVM
import Machine

/// A guest's vCPUs on KVM, with their report queue and the patches in the guest's memory.
package final class KVMVCPUs<Processor: KVMProcessor> {
    let guest: KVMGuest
    let processors: [Processor]
    let board = ReportQueue()
    private let host: any KVMHost
    private(set) var patches: KVMCodePatches
    var plan = KVMDebugPlan<Processor.Registers>()
    /// Whether breakpoints are instructions in memory even if registers are free.
    var prefersPatches = false

    /// Makes the vCPUs of a host's virtual machine.
    ///
    /// - Parameters:
    ///   - interrupts: the lines of the machine's devices, which the host delivers from now on.
    ///   - breakpoint: the bytes of the breakpoint instruction.
    init(
        _ host: any KVMHost, guest: KVMGuest, processors: [Processor], interrupts: KVMInterrupts, breakpoint: [UInt8]
    ) throws(StartError) {
        self.host = host
        self.guest = guest
        self.processors = processors
        patches = KVMCodePatches(breakpoint)
        do throws(KVMError) {
            try rebuild(isFirst: true)
        } catch {
            throw StartError(error)
        }
        interrupts.host = host
        guest.onWorkLeft = { [board] in board.kick() }
        let memory = guest.machine.memory
        memory.onChange = { [unowned host] in try? host.mapMemory() }
        memory.observeWrites { [unowned memory] range, writer in
            guard writer == .host else { return }
            for region in memory.regions {
                let part = range.clamped(to: region.base..<region.end)
                guard !part.isEmpty else { continue }
                // SAFETY: `part` lies within the region, which `memory` keeps.
                unsafe synchronizeCode(
                    region.unsafeHostAddress + Int(part.lowerBound - region.base), count: part.count)
            }
        }
    }

    /// Replaces all vCPUs by new ones.
    func rebuild(isFirst: Bool) throws(KVMError) {
        try host.rebuild(isFirst: isFirst) { number, vcpu in
            processors[number].core.install(vcpu)
            processors[number].forget()
        }
    }

    /// Starts the vCPUs' threads, as the last step before the machine is ready.
    func startThreads() throws(StartError) {
        do throws(HostError) {
            for processor in processors {
                try processor.core.worker.start(board) { order in processor.perform(order) }
            }
        } catch {
            throw StartError(.other, error.description)
        }
    }

    deinit {
        for processor in processors { processor.core.worker.end() }
    }

    // MARK: Patches

    func insertPatches(physical: (VirtualAddress) -> PhysicalAddress?) {
        guard !plan.patched.isEmpty else { return }
        patches.insert(Set(plan.patched.compactMap { physical(VirtualAddress($0)) }), into: guest.machine.memory)
        plan.patchedMemory = patches.addresses
    }

    func removePatches() {
        patches.remove(from: guest.machine.memory)
        plan.patchedMemory = []
    }
}
