import AArch64
import Acceleration
import Execution
import KVM

/// Counts why KVM_RUN came back for one vCPU.
struct KVMExitCounter {
    /// A row of the table.
    private enum Reason: Int, CaseIterable {
        case deviceRead, deviceWrite, portRead, portWrite, undescribedAccess
        case breakpoint, watchpoint, step, debug, requested, power, failed

        /// By raw value.
        static let texts = [
            "device read", "device write", "port read", "port write", "access without syndrome", "breakpoint",
            "watchpoint", "step", "debug exception", "request to stop", "power-off or reset", "failure",
        ]

        init(_ exit: KVMExit) {
            self =
                switch exit {
                case .deviceRead: .deviceRead
                case .deviceWrite: .deviceWrite
                case .undescribedAccess: .undescribedAccess
                case .debug(let syndrome, _): Self(ExceptionSyndrome(rawValue: UInt64(syndrome)).exceptionClass)
                case .debugTrap(let vector, _, let dr6, let dr7): Self(vector, dr6: dr6, dr7: dr7)
                case .portRead: .portRead
                case .portWrite: .portWrite
                case .interrupted: .requested
                case .poweredOff, .resetRequested, .tripleFault: .power
                case .crashed, .failed, .halted: .failed
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

        /// #BP or #DB, by what DR6 and DR7 say of it (SDM volume 3B, 18.2.3 and 18.2.4).
        private init(_ vector: UInt8, dr6: UInt64, dr7: UInt64) {
            let slot = (dr6 & 0xf).trailingZeroBitCount
            self =
                if vector == 3 {
                    .breakpoint
                } else if slot < 4 {
                    dr7 >> UInt64(16 + 4 * slot) & 3 == 0 ? .breakpoint : .watchpoint
                } else {
                    dr6 & 1 << 14 != 0 ? .step : .debug
                }
        }
    }

    /// By reason.
    private var counts = [UInt64](repeating: 0, count: Reason.allCases.count)

    mutating func count(_ exit: KVMExit) {
        counts[Reason(exit).rawValue] &+= 1
    }

    /// The table of several vCPUs; of what only one architecture has, what there was.
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
