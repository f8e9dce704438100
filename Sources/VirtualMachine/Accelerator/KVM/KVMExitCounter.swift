import AArch64
import KVM

/// Counts why KVM_RUN came back for one vCPU.
struct KVMExitCounter {
    /// A row of the table.
    private enum Reason: Int, CaseIterable {
        case deviceRead, deviceWrite, undescribedAccess, breakpoint, watchpoint, step, debug, requested, power, failed

        /// By raw value.
        static let texts = [
            "device read", "device write", "access without syndrome", "breakpoint", "watchpoint", "step",
            "debug exception", "request to stop", "power-off or reset", "failure",
        ]

        init(_ exit: KVMExit) {
            self =
                switch exit {
                case .deviceRead: .deviceRead
                case .deviceWrite: .deviceWrite
                case .undescribedAccess: .undescribedAccess
                case .debug(let syndrome, _): Self(ExceptionSyndrome(rawValue: UInt64(syndrome)).exceptionClass)
                case .interrupted: .requested
                case .poweredOff, .resetRequested: .power
                case .crashed, .failed: .failed
                }
        }

        private init(_ exception: ExceptionClass?) {
            self =
                switch exception {
                case .breakpointLowerEL, .breakpointSameEL, .brk64, .bkpt32: .breakpoint
                case .watchpointLowerEL, .watchpointSameEL: .watchpoint
                case .softwareStepLowerEL, .softwareStepSameEL: .step
                default: .debug
                }
        }
    }

    /// By reason.
    private var counts = [UInt64](repeating: 0, count: Reason.allCases.count)

    mutating func count(_ exit: KVMExit) {
        counts[Reason(exit).rawValue] &+= 1
    }

    /// The table of several vCPUs.
    static func rows(_ counters: [Self]) -> [ExitCount] {
        Reason.allCases.map { reason in
            ExitCount(reason: Reason.texts[reason.rawValue], counts: counters.map { $0.counts[reason.rawValue] })
        }
    }
}
