import Acceleration
package import Execution

/// An order to a vCPU that is held: how it moves next.
///
/// The vCPU answers each with one ``VCPUReport``.
package enum VCPUOrder: Equatable, Sendable {
    /// Runs freely until it has something to report or is kicked.
    case run
    /// Executes one instruction, or one exclusive sequence, with interrupts held off.
    case step(reportedStops: ReportedStops)
}

/// The result of an order; the vCPU is held again.
package enum VCPUReport: Equatable, Sendable {
    /// The vCPU was kicked.
    case interrupted
    case stepped
    /// The vCPU is at a breakpoint of the debugger that has not been reported.
    case breakpoint
    case watchpoint(StopPoint.Kind, address: UInt64)
    case caughtException
    /// The vCPU is at patched code, but at no breakpoint that stops it: it must step over the patch while no other vCPU
    /// runs.
    case mustPassPatch
    case poweredOff
    case resetRequested
    case failed(String)

    /// Whether the machine can't continue after it.
    var endsMachine: Bool {
        switch self {
        case .poweredOff, .resetRequested, .failed: true
        case .interrupted, .stepped, .breakpoint, .watchpoint, .caughtException, .mustPassPatch: false
        }
    }
}
