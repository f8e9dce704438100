/// An object that runs a machine's vCPUs: KVM, or Trapline's own software CPU.
///
/// The contract is KVM's own model, because real hardware has it: registers by id, guest debug set as a whole, a run
/// that ends for a reason, and a kick from outside. All calls except `requestStop`, `kick` and `isHeldUpByCaller` come
/// while no vCPU runs. `AArch64Accelerator` and `X86_64Accelerator` add the registers.
package protocol Accelerator: AnyObject {
    /// `kvm` or `software`.
    var name: String { get }
    /// The number of vCPUs.
    ///
    /// Fixed for the life of the machine.
    var vcpuCount: Int { get }

    /// Runs the vCPUs as planned until there is something to report. When it returns, no vCPU runs.
    ///
    /// Where a breakpoint is hit, the filter decides whether it stops. If it does not, the vCPU executes the
    /// instruction and continues. A vCPU that steps has completed its step before another vCPU's breakpoint is
    /// reported. The caller steps through ranges.
    ///
    /// - Parameter reportedStops: by vCPU, the stops at its PC that have been reported. They don't stop it again: it
    ///   executes the instruction there, with interrupts held off. A breakpoint at its PC that is not among them stops
    ///   it before it executes anything.
    func run(_ plan: ResumePlan, reportedStops: [ReportedStops]) -> RunReport

    /// Runs as `run` does, but for about 20,000 instructions at most, and on any thread.
    ///
    /// Nil if there is nothing to report yet, or if this accelerator can't (the default): the caller then calls `run`
    /// with what is left to pass.
    func runBriefly(_ plan: ResumePlan, reportedStops: inout [ReportedStops]) -> RunReport?

    /// Sets the filter that decides about breakpoints; without one, each of them stops.
    func setStopFilter(_ filter: any StopFilter)

    /// Makes `run` return `.requested` soon, also a `run` that has yet to begin. Any thread may call it.
    func requestStop()
    /// Whether the calling thread occupies the host processor that the vCPUs need to see a `requestStop`, as far as is
    /// known. Any thread may read it.
    var isHeldUpByCaller: Bool { get }
    /// Takes back a `requestStop` that came too late to stop anything.
    func clearStopRequest()
    /// Wakes idle vCPUs, because something outside changed: console input. Any thread may call it.
    func kick()

    /// Puts every vCPU into the state in which the machine starts, of which only vCPU 0 is on.
    func reset()

    /// The address of the instruction that a vCPU executes next.
    func programCounter(vcpu: Int) throws(TargetError) -> UInt64

    /// Replaces all breakpoints and watchpoints. When it throws, the earlier ones are still set.
    func setGuestDebug(_ debug: GuestDebug) throws(TargetError)

    /// The current activity of a vCPU, for display.
    func activity(vcpu: Int) -> VCPUActivity

    // Optional: each of these has a default.

    /// Whether it can stop when a vCPU is turned on or off.
    var canReportPower: Bool { get }
    /// The maximum number of watchpoints; nil if unknown.
    var watchpointCount: Int? { get }
    /// Whether a watchpoint stops the vCPU after the access, at the next instruction (x86), rather than before it
    /// (Arm).
    var watchpointsStopAfterAccess: Bool { get }
    /// The numbers of exits, one row for each cause.
    var exitCounts: [ExitCount]? { get }
}

extension Accelerator {
    /// Always nil: every run takes the vCPUs' thread.
    package func runBriefly(_ plan: ResumePlan, reportedStops: inout [ReportedStops]) -> RunReport? { nil }

    /// Not known to have the processor that the vCPUs need.
    package var isHeldUpByCaller: Bool { false }
}

extension Accelerator {
    /// No stops for vCPUs that are turned on or off.
    package var canReportPower: Bool { false }
    /// An unknown number of watchpoints.
    package var watchpointCount: Int? { nil }
    /// Watchpoints stop before the access.
    package var watchpointsStopAfterAccess: Bool { false }
    /// No counts of exits.
    package var exitCounts: [ExitCount]? { nil }
}
