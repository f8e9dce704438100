import Acceleration
import Execution
import KVM

/// The exits of one vCPU from KVM_RUN, counted by cause.
package struct KVMExitCounter {
    /// A row of the table.
    package enum Reason: Int, CaseIterable {
        case deviceRead, deviceWrite, portRead, portWrite, undescribedAccess
        case breakpoint, watchpoint, step, debug, requested, power, failed

        /// By raw value.
        static let texts = [
            "device read", "device write", "port read", "port write", "access without syndrome", "breakpoint",
            "watchpoint", "step", "debug exception", "request to stop", "power-off or reset", "failure",
        ]

        init(_ exit: KVMExit, _ debugReason: (KVMExit) -> Self) {
            self =
                switch exit {
                case .deviceRead: .deviceRead
                case .deviceWrite: .deviceWrite
                case .undescribedAccess: .undescribedAccess
                case .debug, .debugTrap: debugReason(exit)
                case .portRead: .portRead
                case .portWrite: .portWrite
                case .interrupted: .requested
                case .poweredOff, .resetRequested, .tripleFault: .power
                case .crashed, .failed, .halted: .failed
                }
        }
    }

    /// By reason.
    private var counts = [UInt64](repeating: 0, count: Reason.allCases.count)

    /// Counts an exit; `debugReason` gives the reason of a KVM_EXIT_DEBUG.
    mutating func count(_ exit: KVMExit, debugReason: (KVMExit) -> Reason) {
        counts[Reason(exit, debugReason).rawValue] &+= 1
    }

    /// The table for several vCPUs.
    ///
    /// Causes that only one architecture has are left out if their counts are 0.
    static func rows(_ counters: [Self]) -> [ExitCount] {
        let rare: Set<Reason> = [.portRead, .portWrite, .undescribedAccess]
        let reasons = Reason.allCases.filter { reason in
            !rare.contains(reason) || counters.contains { $0.counts[reason.rawValue] > 0 }
        }
        return reasons.map { reason in
            ExitCount(reason: Reason.texts[reason.rawValue], counts: counters.map { $0.counts[reason.rawValue] })
        }
    }
}
