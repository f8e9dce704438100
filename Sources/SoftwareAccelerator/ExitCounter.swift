import AArch64CPU
import Acceleration
import Execution

/// Counters of the software CPU's exits, by vCPU and reason.
struct ExitCounter {
    /// A row of the table.
    ///
    /// Device accesses are not exits and are counted by ``SoftwareEnvironment``.
    private enum Reason: Int, CaseIterable {
        case budget, waitForInterrupt, yield, hypercall, semihosting, breakpoint, watchpoint, step, caught, requested

        /// The text of each reason, by raw value.
        static let texts = [
            "end of turn", "WFI", "WFE or YIELD", "HVC or SMC", "semihosting", "breakpoint", "watchpoint", "step",
            "caught exception", "request to stop",
        ]

        init(_ exit: CPUExit) {
            self =
                switch exit {
                case .budget: .budget
                case .waitForInterrupt: .waitForInterrupt
                case .waitForEvent, .yield: .yield
                case .hypercall: .hypercall
                case .semihosting: .semihosting
                case .breakpoint: .breakpoint
                case .watchpoint: .watchpoint
                case .stepped: .step
                case .guestBreakpoint, .caughtException: .caught
                case .requested: .requested
                }
        }
    }

    private let vcpuCount: Int
    /// The counts, grouped by vCPU, then by reason.
    private var counts: [UInt64]

    init(vcpuCount: Int) {
        self.vcpuCount = vcpuCount
        counts = Array(repeating: 0, count: vcpuCount * Reason.allCases.count)
    }

    mutating func count(_ exit: CPUExit, vcpu: Int) {
        counts[vcpu * Reason.allCases.count + Reason(exit).rawValue] &+= 1
    }

    var rows: [ExitCount] {
        Reason.allCases.map { reason in
            ExitCount(
                reason: Reason.texts[reason.rawValue],
                counts: (0..<vcpuCount).map { counts[$0 * Reason.allCases.count + reason.rawValue] })
        }
    }
}
