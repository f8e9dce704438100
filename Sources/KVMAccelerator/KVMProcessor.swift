import Acceleration
package import Execution
package import GuestAddresses
import GuestMemory
package import KVM
import Machine

/// A vCPU of KVM's: what its exits mean, and how it executes one instruction, is its architecture's.
///
/// Either it moves under an order, and its worker's thread alone touches it, or it is held, and the machine's owner does.
package protocol KVMProcessor: AnyObject, Sendable {
    associatedtype Registers: KVMDebugRegisters

    /// The part that vCPUs of both architectures have.
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
    func step(_ passing: ReportedStops) throws(KVMError) -> VCPUReport

    /// Forgets what was known of the vCPU before the reset.
    func forget()

    /// Remembers what helps to find a kernel that is unmapped later.
    func noteKernelTable()

    /// Whether it executes nothing until another one turns it on.
    var isOff: Bool { get }

    /// Whether it was asleep, waiting for an interrupt, when it was made to stop.
    var isAfterWait: Bool { get }

    /// Whether the patches at these guest-physical addresses include its next instruction.
    func isAtPatch(_ patched: Set<PhysicalAddress>) -> Bool
}

extension KVMProcessor {
    package func noteKernelTable() {}

    var index: Int { core.index }
    var machine: KVMGuest { core.guest }
    var debug: KVMDebugPlan<Registers> { core.debug }
    var mustStop: Bool { core.worker.mustStop }
    var wasInterrupted: Bool { core.wasInterrupted }

    /// What it is doing, for people.
    var activity: VCPUActivity { isOff ? .off : isAfterWait ? .waiting : .running }

    /// The vCPU itself.
    func withVCPU<Result, Failure: Error>(
        _ body: (borrowing KVMVCPU) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try core.withVCPU(body)
    }

    /// KVM_RUN, counted.
    func enterGuest() -> KVMExit {
        let exit = withVCPU { $0.run() }
        core.exits.count(exit) { Self.debugReason($0) }
        return exit
    }

    /// Carries out an order, on the worker's thread.
    func perform(_ order: VCPUOrder) -> VCPUReport {
        core.wasInterrupted = false
        do throws(KVMError) {
            switch order {
            case .run: return try run()
            case .step(let passing): return try step(passing)
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

/// The part of a vCPU that has no architecture: KVM's descriptor, the worker that runs it, and what it is to stop for.
package final class KVMProcessorCore<Registers: KVMDebugRegisters>: @unchecked Sendable {
    // SAFETY: all state is the worker's thread's while an order is under way and the owner's otherwise; the worker and the
    // board hand it over.
    let index: Int
    let guest: KVMGuest
    let worker: VCPUWorker
    private var owner: Owner?

    /// The stop points of a free run.
    var debug = KVMDebugPlan<Registers>()
    /// Whether the last exit was a kick, which may have ended a sleep in WFI.
    fileprivate(set) var wasInterrupted = false
    fileprivate(set) var exits = KVMExitCounter()

    /// A class around what can't be copied, so that a reset can exchange it.
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

    /// Takes a fresh vCPU in place of the one before.
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

    /// Has the worker carry out an order.
    func give(_ order: VCPUOrder, _ plan: KVMDebugPlan<Registers>) {
        debug = plan
        withVCPU { $0.setImmediateExit(false) }
        worker.give(order)
    }

    /// Makes a free run end soon, or a step that sleeps look around.
    ///
    /// The vCPU must be under way: any thread may call it then. With KVM's `immediate_exit` a kick that comes before
    /// KVM_RUN isn't lost (KVM API, 5 "The kvm_run structure").
    func kick(stopping: Bool) {
        if stopping {
            // The worker looks at the request after KVM_RUN: it is made first.
            worker.requestStop()
            withVCPU { $0.setImmediateExit(true) }
        }
        worker.interrupt()
    }
}
