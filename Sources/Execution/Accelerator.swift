/// An accelerator, which runs a machine's vCPUs: KVM, or Trapline's software CPU.
///
/// The contract follows KVM's API, which follows real hardware: registers by id, guest debug set as a whole, a run that
/// ends for a reason, and a kick from another thread. All calls except `requestStop`, `kick` and `isHeldUpByCaller`
/// require that no vCPU runs. `AArch64Accelerator` and `X86_64Accelerator` add the registers.
package protocol Accelerator: AnyObject {
    /// The accelerator's name: `kvm` or `software`.
    var name: String { get }
    /// The number of vCPUs.
    ///
    /// Fixed for the life of the machine.
    var vcpuCount: Int { get }

    /// Runs the vCPUs by the plan until there is something to report. No vCPU runs after it returns.
    ///
    /// At a breakpoint hit, the filter decides whether it stops. If it does not, the vCPU executes the instruction and
    /// continues. A vCPU that steps completes its step before another vCPU's breakpoint is reported. The caller repeats
    /// steps to step within a range.
    ///
    /// - Parameter reportedStops: for each vCPU, the stops already reported at its PC. These stops do not stop it
    ///   again: it executes the instruction there with interrupts masked. A breakpoint at its PC that is not among them
    ///   stops it before it executes anything.
    func run(_ plan: ResumePlan, reportedStops: [ReportedStops]) -> RunReport

    /// Runs like `run`, but for at most about 20,000 instructions, and on the calling thread, which may be any.
    ///
    /// Returns nil if there is nothing to report yet, or if the accelerator does not support it (the default). The
    /// caller then calls `run` with the remaining `reportedStops`.
    func runBriefly(_ plan: ResumePlan, reportedStops: inout [ReportedStops]) -> RunReport?

    /// Sets the filter that decides about breakpoints. Without a filter, every breakpoint stops.
    func setStopFilter(_ filter: any StopFilter)

    /// Makes `run` return `.requested` soon, even a `run` that has not begun yet. May be called on any thread.
    func requestStop()
    /// Whether the calling thread is known to occupy the host processor on which the vCPUs must run to notice a
    /// `requestStop`. May be read on any thread.
    var isHeldUpByCaller: Bool { get }
    /// Withdraws a `requestStop` that came too late to stop a run.
    func clearStopRequest()
    /// Wakes idle vCPUs, because input has arrived from outside, such as console input. May be called on any thread.
    func kick()

    /// Resets every vCPU to the state in which the machine starts, with only vCPU 0 powered on.
    func reset()

    /// Returns the address of the next instruction that a vCPU executes.
    func programCounter(vcpu: Int) throws(TargetError) -> UInt64

    /// Replaces all breakpoints, watchpoints and other settings. If it throws, the earlier ones remain set.
    func setGuestDebug(_ debug: GuestDebug) throws(TargetError)

    /// Returns the current activity of a vCPU, for display.
    func activity(vcpu: Int) -> VCPUActivity

    // Optional requirements: an extension has the defaults.

    /// Whether the accelerator can stop when a vCPU is turned on or off.
    var canReportPower: Bool { get }
    /// The largest number of watchpoints; nil if unknown.
    var watchpointCount: Int? { get }
    /// Whether a watchpoint stops the vCPU after the access, at the next instruction (x86), instead of before it (Arm).
    var watchpointsStopAfterAccess: Bool { get }
    /// The numbers of exits, one row for each cause; nil if the accelerator does not count them.
    var exitCounts: [ExitCount]? { get }
}

extension Accelerator {
    /// Returns nil: every run takes the vCPUs' thread.
    package func runBriefly(_ plan: ResumePlan, reportedStops: inout [ReportedStops]) -> RunReport? { nil }

    /// False: the caller is not known to occupy the processor that the vCPUs need.
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
