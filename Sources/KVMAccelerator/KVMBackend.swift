package import Acceleration
package import Execution
import GuestAddresses
import GuestMemory
import HostIO
package import KVM
package import Machine

/// The KVM vCPUs of one architecture, as a rendezvous runs them.
package protocol KVMBackend: RendezvousBackend {
    associatedtype Processor: KVMProcessor

    var vcpus: KVMVCPUs<Processor> { get }

    /// Puts the first vCPU into the state in which the machine starts.
    func begin(_ boot: BootState) throws(KVMError)

    /// Decides the placement of the stop points.
    func makePlan(_ debug: GuestDebug) throws(TargetError) -> KVMDebugPlan<Processor.Registers>

    /// Memory by the virtual addresses of a vCPU; nil if its registers can't be read.
    func memory(of vcpu: Int) -> (any AddressSpace)?

    /// The maximum number of watchpoints; nil if unknown.
    var watchpointCount: Int? { get }
}

extension KVMBackend {
    var processors: [Processor] { vcpus.processors }
    var guest: KVMGuest { vcpus.guest }
    var prefersPatches: Bool { vcpus.prefersPatches }

    package var watchpointCount: Int? { nil }
    package var vcpuCount: Int { processors.count }
    package var debug: GuestDebug { vcpus.plan.debug }

    package func isOff(_ vcpu: Int) -> Bool { processors[vcpu].isOff }
    package func programCounter(of vcpu: Int) -> UInt64? { try? processors[vcpu].programCounter() }
    package func isAtPatch(_ vcpu: Int) -> Bool { processors[vcpu].isAtPatch(vcpus.patches.addresses) }
    package func insertPatches() { vcpus.insertPatches { physical($0) } }
    package func removePatches() { vcpus.removePatches() }

    package func give(_ order: VCPUOrder, to vcpu: Int) { processors[vcpu].core.give(order, vcpus.plan) }
    package func kick(_ vcpu: Int, stopping: Bool) { processors[vcpu].core.kick(stopping: stopping) }
    package func nextEvent(nanoseconds: UInt64, reportsStopRequests: Bool) -> RendezvousEvent {
        vcpus.board.next(nanoseconds: nanoseconds, reportsStopRequests: reportsStopRequests)
    }
    package var isStopRequested: Bool { vcpus.board.isStopRequested }
    package func poll() -> UInt64 { guest.poll() }
    package var now: UInt64 { HostClock.now() }

    /// The physical address of a virtual one, by the tables of the first vCPU that maps it to RAM.
    func physical(_ address: VirtualAddress) -> PhysicalAddress? {
        for vcpu in processors.indices where !processors[vcpu].isOff {
            if let physical = try? memory(of: vcpu)?.translate(address).physical,
                guest.machine.memory.region(at: physical)?.kind == .ram
            {
                return physical
            }
        }
        return nil
    }
}
