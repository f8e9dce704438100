import Acceleration
package import Execution
package import GuestAddresses
import GuestMemory
package import KVM
import Machine

/// A KVM vCPU with the parts that depend on its architecture: the handling of its exits, and a single step.
///
/// While it executes an order, only its worker's thread uses it. While it is held, only the machine's owner uses it.
package protocol KVMProcessor: AnyObject, Sendable {
    associatedtype Registers: KVMDebugRegisters

    /// The part that is the same for all architectures.
    var core: KVMProcessorCore<Registers> { get }

    /// The address of the next instruction.
    func programCounter() throws(KVMError) -> UInt64

    /// Enables the stop points of the debug plan for a free run.
    func enableStopPoints() throws(KVMError)

    /// Serves an exit of a freely running vCPU; nil if the guest may continue.
    func handle(_ exit: KVMExit) throws(KVMError) -> VCPUReport?

    /// The row of the exit table that a KVM_EXIT_DEBUG is counted in.
    static func debugReason(_ exit: KVMExit) -> KVMExitCounter.Reason

    /// Executes one instruction, or what must be executed as one, with interrupts held off.
    func step(_ reportedStops: ReportedStops) throws(KVMError) -> VCPUReport

    /// Drops all state of the vCPU from before the reset.
    func forget()

    /// Records the kernel's translation table, for a time when the kernel is unmapped.
    func recordKernelTable()

    /// Whether the vCPU is powered off, until another vCPU turns it on.
    var isOff: Bool { get }

    /// Whether the vCPU was waiting for an interrupt when it was made to stop.
    var isAfterWait: Bool { get }

    /// Whether the vCPU's next instruction is at one of these guest-physical addresses.
    func isAtPatch(_ patched: Set<PhysicalAddress>) -> Bool
}

extension KVMProcessor {
    package func recordKernelTable() {}

    var index: Int { core.index }
    var machine: KVMGuest { core.guest }
    var debug: KVMDebugPlan<Registers> { core.debug }
    var mustStop: Bool { core.worker.mustStop }
    var wasInterrupted: Bool { core.wasInterrupted }

    /// The current activity of the vCPU, for display.
    var activity: VCPUActivity { isOff ? .off : isAfterWait ? .waiting : .running }

    /// The vCPU itself.
    func withVCPU<Result, Failure: Error>(
        _ body: (borrowing KVMVCPU) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try core.withVCPU(body)
    }

    /// Calls KVM_RUN and counts the exit.
    func enterGuest() -> KVMExit {
        let exit = withVCPU { $0.run() }
        core.exits.count(exit) { Self.debugReason($0) }
        return exit
    }

    /// Executes an order on the worker's thread.
    func perform(_ order: VCPUOrder) -> VCPUReport {
        core.wasInterrupted = false
        do throws(KVMError) {
            switch order {
            case .run: return try run()
            case .step(let reportedStops): return try step(reportedStops)
            }
        } catch {
            return .failed("vCPU \(index): \(error)")
        }
    }

    /// Runs freely until there is something to report.
    private func run() throws(KVMError) -> VCPUReport {
        try enableStopPoints()
        while true {
            let exit = enterGuest()
            if exit == .interrupted {
                guard mustStop else { continue }
                core.wasInterrupted = true
                return .interrupted
            }
            if let report = try handle(exit) { return report }
        }
    }
}

/// The part of a vCPU that is the same for all architectures: KVM's descriptor, its worker thread, and its stop points.
package final class KVMProcessorCore<Registers: KVMDebugRegisters>: @unchecked Sendable {
    // SAFETY: the worker's thread uses the state while it executes an order, and the owner uses it otherwise. The
    // worker and the report queue transfer it between them.
    let index: Int
    let guest: KVMGuest
    let worker: VCPUWorker
    private var owner: Owner?

    /// The stop points of a free run.
    var debug = KVMDebugPlan<Registers>()
    /// Whether the last exit was a kick, which may have ended a sleep in WFI.
    fileprivate(set) var wasInterrupted = false
    fileprivate(set) var exits = KVMExitCounter()

    /// The owner of the vCPU's descriptor, which a reset replaces.
    private final class Owner {
        let vcpu: KVMVCPU

        init(_ vcpu: consuming KVMVCPU) {
            self.vcpu = vcpu
        }
    }

    init(_ index: Int, guest: KVMGuest) {
        self.index = index
        self.guest = guest
        worker = VCPUWorker(index)
    }

    /// Replaces the vCPU by a new one.
    func install(_ vcpu: consuming KVMVCPU) {
        owner = Owner(vcpu)
        wasInterrupted = false
    }

    func withVCPU<Result, Failure: Error>(
        _ body: (borrowing KVMVCPU) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let owner else { preconditionFailure("a vCPU is used before it was made") }
        return try body(owner.vcpu)
    }

    /// Gives the worker an order.
    func give(_ order: VCPUOrder, _ plan: KVMDebugPlan<Registers>) {
        debug = plan
        withVCPU { $0.setImmediateExit(false) }
        worker.give(order)
    }

    /// Makes a free run end soon, or a sleeping step check for requests.
    ///
    /// Any thread may call this while the vCPU executes an order. With KVM's `immediate_exit` a kick that comes before
    /// KVM_RUN isn't lost (KVM API, 5 "The kvm_run structure").
    func kick(stopping: Bool) {
        if stopping {
            // The request comes first, because the worker checks it after KVM_RUN.
            worker.requestStop()
            withVCPU { $0.setImmediateExit(true) }
        }
        worker.interrupt()
    }
}
