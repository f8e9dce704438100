import Acceleration
package import Execution

/// The vCPUs as a ``Rendezvous`` moves them.
///
/// A vCPU is either held or under way with an order. `isOff`, `programCounter` and `isAtPatch` are asked, and the
/// patches and the guest's time changed, only while every vCPU concerned is held.
package protocol RendezvousBackend: AnyObject {
    var vcpuCount: Int { get }
    /// The stop points that are set.
    var debug: GuestDebug { get }
    /// Whether a watchpoint stops a vCPU after the access rather than before it.
    var watchpointsStopAfterAccess: Bool { get }

    // MARK: vCPUs that are held

    /// Whether a vCPU executes nothing until another one turns it on.
    func isOff(_ vcpu: Int) -> Bool
    /// The address of the next instruction; nil if it can't be read.
    func programCounter(of vcpu: Int) -> UInt64?
    /// Whether a patch is in place of the next instruction.
    func isAtPatch(_ vcpu: Int) -> Bool
    /// Inserts the breakpoint instructions of the stop points into memory, or removes them; no vCPU is under way.
    func insertPatches()
    func removePatches()
    /// Continues the guest's time from where it was held.
    func releaseTime()
    /// Holds the guest's time: no vCPU is under way any more.
    func holdTime()
    /// Holds the guest's time after one instruction of a vCPU while the others were held, at the time that it takes.
    func holdTime(afterStepOf vcpu: Int)

    // MARK: Moving

    /// Gives a vCPU an order; its report comes from `nextEvent`.
    func give(_ order: VCPUOrder, to vcpu: Int)
    /// Makes a vCPU that is under way look around, and end a free run if it is to stop. A kick can be lost.
    func kick(_ vcpu: Int, stopping: Bool)
    /// Waits for the next report, a request to stop (only if it counts), a kick from outside, or the time to pass.
    func nextEvent(nanoseconds: UInt64, reportsStopRequests: Bool) -> RendezvousEvent
    /// Whether a stop has been requested since the last time that the request was taken back.
    var isStopRequested: Bool { get }
    /// Brings the guest input from outside; the result is the time in nanoseconds until it is needed again.
    func poll() -> UInt64
    /// The host's clock, in nanoseconds.
    var now: UInt64 { get }
}

/// The end of a wait.
package enum RendezvousEvent: Equatable, Sendable {
    case report(vcpu: Int, VCPUReport)
    case stopRequested
    case kicked
    case timeout
}
