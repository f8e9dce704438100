import Acceleration
import Execution
import HostIO
import KVMAccelerator
import Synchronization

/// vCPUs that count on threads of their own until they are made to stop, or to a number at which they have a hit.
final class ThreadedBackend: RendezvousBackend {
    final class VCPU: Sendable {
        let worker: VCPUWorker
        let count = Atomic<Int>(0)
        /// The number at which the next hit is.
        let hit = Atomic<Int>(.max)

        init(_ index: Int) {
            worker = VCPUWorker(index)
        }

        func perform(_ order: VCPUOrder) -> VCPUReport {
            guard order == .run else {
                count.add(1, ordering: .relaxed)
                return .stepped
            }
            while true {
                if worker.mustStop { return .interrupted }
                if count.load(ordering: .relaxed) >= hit.load(ordering: .relaxed) {
                    hit.store(.max, ordering: .relaxed)
                    return .caughtException
                }
                count.add(1, ordering: .relaxed)
            }
        }
    }

    let board = ReportQueue()
    let vcpus: [VCPU]
    var debug = GuestDebug()

    init(count: Int) throws {
        vcpus = (0..<count).map { VCPU($0) }
        debug.catches = .int3
        for vcpu in vcpus { try vcpu.worker.start(board) { vcpu.perform($0) } }
    }

    deinit {
        for vcpu in vcpus { vcpu.worker.end() }
    }

    var vcpuCount: Int { vcpus.count }
    let watchpointsStopAfterAccess = false
    func isOff(_ vcpu: Int) -> Bool { false }
    func programCounter(of vcpu: Int) -> UInt64? { UInt64(vcpus[vcpu].count.load(ordering: .relaxed)) }
    func isAtPatch(_ vcpu: Int) -> Bool { false }
    func insertPatches() {}
    func removePatches() {}
    func releaseTime() {}
    func holdTime() {}
    func holdTime(afterStepOf vcpu: Int) {}
    func give(_ order: VCPUOrder, to vcpu: Int) { vcpus[vcpu].worker.give(order) }
    func kick(_ vcpu: Int, stopping: Bool) {
        if stopping { vcpus[vcpu].worker.requestStop() }
        vcpus[vcpu].worker.interrupt()
    }
    func nextEvent(nanoseconds: UInt64, reportsStopRequests: Bool) -> RendezvousEvent {
        board.next(nanoseconds: nanoseconds, reportsStopRequests: reportsStopRequests)
    }
    var isStopRequested: Bool { board.isStopRequested }
    func poll() -> UInt64 { 1_000_000_000 }
    var now: UInt64 { HostClock.now() }
}
