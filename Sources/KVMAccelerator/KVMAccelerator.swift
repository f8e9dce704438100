import Acceleration
package import Execution
import HostIO
import KVM
import Machine

/// The host's KVM as an accelerator: a thread for each vCPU, and a rendezvous on the thread of the caller of `run`.
///
/// The backend of each architecture adds the registers, and the placement of stop points in them.
package final class KVMAccelerator<Backend: KVMBackend>: BreakpointPatching {
    package let name = "kvm"

    let backend: Backend
    private let rendezvous: Rendezvous<Backend>
    /// The reason why the machine can't run; nil if it can.
    private var failure: String?

    init(_ backend: Backend) throws(StartError) {
        self.backend = backend
        rendezvous = Rendezvous(backend)
        try backend.vcpus.startThreads()
    }

    package var vcpuCount: Int { backend.vcpuCount }

    package func run(_ plan: ResumePlan, reportedStops: [ReportedStops]) -> RunReport {
        if let failure { return RunReport(.failed(failure)) }
        defer { for processor in backend.processors { processor.recordKernelTable() } }
        return rendezvous.run(plan, reportedStops: reportedStops)
    }

    package func setStopFilter(_ filter: any StopFilter) { rendezvous.filter = filter }

    // MARK: From other threads

    package func requestStop() { backend.vcpus.board.requestStop() }
    package func clearStopRequest() { backend.vcpus.board.clearStopRequest() }
    package func kick() { backend.vcpus.board.kick() }

    // MARK: State

    package func reset() {
        rendezvous.reset()
        do throws(KVMError) {
            try backend.vcpus.rebuild(isFirst: false)
            try backend.begin(backend.guest.machine.bootState)
        } catch {
            failure = "the host's KVM can't make a new virtual machine: \(error)"
        }
    }

    package func setGuestDebug(_ debug: GuestDebug) throws(TargetError) {
        backend.vcpus.plan = try backend.makePlan(debug)
    }

    package func programCounter(vcpu: Int) throws(TargetError) -> UInt64 {
        do throws(KVMError) {
            return try backend.processors[vcpu].programCounter()
        } catch {
            throw .invalid("the program counter of vCPU \(vcpu): \(error)")
        }
    }

    package func activity(vcpu: Int) -> VCPUActivity { backend.processors[vcpu].activity }

    /// Whether breakpoints are instructions in memory even if registers are free.
    package var prefersPatches: Bool {
        get { backend.vcpus.prefersPatches }
        set { backend.vcpus.prefersPatches = newValue }
    }

    package var watchpointsStopAfterAccess: Bool { backend.watchpointsStopAfterAccess }
    package var watchpointCount: Int? { backend.watchpointCount }

    package var exitCounts: [ExitCount]? { KVMExitCounter.rows(backend.processors.map(\.core.exits)) }
}
