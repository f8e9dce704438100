package import AArch64
package import Execution
package import Machine

/// What runs the vCPUs: KVM, or Trapline's own software CPU.
///
/// The contract is KVM's own model, because it is the one real hardware has: registers by id, guest debug set as a
/// whole, a run that ends for a reason, and a kick from outside. All calls but `requestStop` and `kick` come while no
/// vCPU runs. What registers there are is the architecture's: `AArch64Accelerator`, `X86_64Accelerator`.
package protocol Accelerator: AnyObject {
    /// `kvm` or `software`.
    var name: String { get }
    var vcpuCount: Int { get }

    /// Runs the vCPUs as planned until there is something to report; when it returns, none runs any more.
    ///
    /// Whether a breakpoint stops is decided by the filter where it is hit: one that doesn't is passed here.
    /// A vCPU whose stops at its PC have been reported executes its first instruction although they would stop it
    /// again. A breakpoint at its PC that has not been reported stops it before that. Interrupts are held off
    /// meanwhile. A vCPU that steps has done so before another one's breakpoint is reported. Ranges are stepped through
    /// by the caller.
    func run(_ plan: ResumePlan, passing: [ReportedStops]) -> RunReport

    /// Does the same, for a few ten thousand instructions and on any thread; nil if there is nothing to report so far.
    ///
    /// `run` then goes on with the plan, and with what is left to pass. Optional.
    func runBriefly(_ plan: ResumePlan, passing: inout [ReportedStops]) -> RunReport?

    /// Sets the filter that decides about breakpoints; without one, each of them stops.
    func setStopFilter(_ filter: any StopFilter)

    /// Makes `run` return `.requested` soon, also a `run` that has yet to begin. Any thread may call it.
    func requestStop()
    /// Whether the calling thread has the host processor that the vCPUs need to see a `requestStop`, as far as is known.
    /// Any thread may ask.
    var isHeldUpByCaller: Bool { get }
    /// Takes back a `requestStop` that came too late to stop anything.
    func clearStopRequest()
    /// Wakes idle vCPUs, because something outside changed: console input. Any thread may call it.
    func kick()

    /// Puts every vCPU into the state in which the machine starts: vCPU 0 as `boot` says, the others off.
    func reset(_ boot: BootState)

    /// The address of the instruction that a vCPU executes next.
    func programCounter(vcpu: Int) throws(TargetError) -> UInt64

    /// Replaces all breakpoints and watchpoints. When it throws, the earlier ones are still set.
    func setGuestDebug(_ debug: GuestDebug) throws(TargetError)

    func activity(vcpu: Int) -> VCPUActivity

    // What follows is optional.

    /// Whether it can stop when a vCPU is turned on or off.
    var canReportPower: Bool { get }
    /// How many watchpoints there can be; nil if that can't be said.
    var watchpointCount: Int? { get }
    /// Whether a watchpoint stops the vCPU after the access, at the next instruction (x86), rather than before it (Arm).
    var watchpointsStopAfterAccess: Bool { get }
    /// A row for each reason for which vCPUs come back.
    var exitCounts: [ExitCount]? { get }
}

extension Accelerator {
    package func runBriefly(_ plan: ResumePlan, passing: inout [ReportedStops]) -> RunReport? { nil }

    package var isHeldUpByCaller: Bool { false }
}

/// Why the vCPUs came to a halt.
package enum RunOutcome: Equatable, Sendable {
    /// A stop for the debugger.
    case stopped(StopEvent)
    /// `requestStop` was called.
    case requested
    /// The guest turned the machine off.
    case poweredOff(status: UInt8)
    /// The guest asked for a reset.
    case resetRequested
    /// The machine can't go on: what happened, for people.
    case failed(String)
}

/// What a vCPU is doing, for people.
package enum VCPUActivity: Equatable, Sendable {
    case running
    /// In WFI: waits for an interrupt.
    case waiting
    /// In WFE: waits for an event.
    case waitingForEvent
    /// Turned off, or never turned on (PSCI).
    case off
}

/// The debugger's breakpoints and watchpoints, for all vCPUs.
package struct GuestDebug: Equatable, Sendable {
    package var softwareBreakpoints: Set<UInt64> = []
    package var hardwareBreakpoints: Set<UInt64> = []
    package var watchpoints: [StopPoint] = []
    /// Addresses whose breakpoints stop only in one address space; a vCPU in another passes them unnoticed.
    ///
    /// By address, whether there is a breakpoint or not: clients take breakpoints out at each stop.
    package var bindings: [UInt64: AddressSpaceBinding] = [:]
    /// Exceptions of the guest's own that stop instead of being taken; only those of `catchableExceptions`.
    package var catches = ExceptionCatches()
    /// When interrupts are held off; only one of `interruptHoldings`.
    package var interrupts = InterruptHolding.whileStepping
    /// Stop when a vCPU is turned on or off, where `canReportPower` says so.
    package var reportsPower = false

    /// Upper bound on watchpoints where the processor has none.
    package static let mostWatchpoints = 1 << 10

    package init() {}

    /// Stop when the guest executes a BRK or INT3 of its own, instead of letting it have its exception.
    package var catchesGuestBreakpoints: Bool {
        get { catches.contains(.brk, from: .el0) || catches.contains(.brk, from: .el1) }
        set { if newValue { catches.insert(.brk) } else { catches.remove(.brk) } }
    }
}

/// When the guest gets no interrupts because of the debugger.
package enum InterruptHolding: String, CaseIterable, Sendable {
    // The raw values are the words of `monitor mask-irq`.
    case always = "on"
    case never = "off"
    case whileStepping = "step"
}

/// How often the vCPUs came back to the accelerator for a reason.
package struct ExitCount: Equatable, Sendable {
    package var reason: String
    /// For each vCPU.
    package var counts: [UInt64]

    package init(reason: String, counts: [UInt64]) {
        self.reason = reason
        self.counts = counts
    }
}

// What an accelerator need not have: the debugger then says that there is none.
extension Accelerator {
    package var canReportPower: Bool { false }
    package var watchpointCount: Int? { nil }
    package var watchpointsStopAfterAccess: Bool { false }
    package var exitCounts: [ExitCount]? { nil }
}
