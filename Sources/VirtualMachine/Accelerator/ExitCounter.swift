import AArch64CPU

/// Counts what the vCPUs of the software CPU came back for.
struct ExitCounter {
    /// A row of the table; device accesses are counted where they happen.
    private enum Reason: String, CaseIterable {
        case budget = "end of turn"
        case waitForInterrupt = "WFI"
        case yield = "WFE or YIELD"
        case hypercall = "HVC or SMC"
        case semihosting = "semihosting"
        case breakpoint = "breakpoint"
        case watchpoint = "watchpoint"
        case step = "step"
        case caught = "caught exception"
        case requested = "request to stop"

        init(_ exit: CPUExit) {
            self =
                switch exit {
                case .budget: .budget
                case .waitForInterrupt: .waitForInterrupt
                case .yield: .yield
                case .hypercall: .hypercall
                case .semihosting: .semihosting
                case .breakpoint: .breakpoint
                case .watchpoint: .watchpoint
                case .stepped: .step
                case .guestBreakpoint, .caughtException: .caught
                case .requested: .requested
                }
        }

        /// Where it is in `allCases`.
        var index: Int {
            switch self {
            case .budget: 0
            case .waitForInterrupt: 1
            case .yield: 2
            case .hypercall: 3
            case .semihosting: 4
            case .breakpoint: 5
            case .watchpoint: 6
            case .step: 7
            case .caught: 8
            case .requested: 9
            }
        }
    }

    private let vcpuCount: Int
    /// By vCPU, then by reason.
    private var counts: [UInt64]

    init(vcpuCount: Int) {
        self.vcpuCount = vcpuCount
        counts = Array(repeating: 0, count: vcpuCount * Reason.allCases.count)
    }

    mutating func count(_ exit: CPUExit, vcpu: Int) {
        counts[vcpu * Reason.allCases.count + Reason(exit).index] &+= 1
    }

    var rows: [ExitCount] {
        Reason.allCases.map { reason in
            ExitCount(
                reason: reason.rawValue,
                counts: (0..<vcpuCount).map { counts[$0 * Reason.allCases.count + reason.index] })
        }
    }
}
