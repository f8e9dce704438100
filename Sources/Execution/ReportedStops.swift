/// The stops already reported for a vCPU at its PC, which therefore do not stop it there again.
///
/// Only a reported hit may be passed, and only once. A step that ended at a breakpoint, a pause, and a hit of another
/// kind do not report the breakpoint at the PC: the vCPU stops there as soon as it is resumed.
package struct ReportedStops: OptionSet, Sendable {
    /// The bits.
    package let rawValue: UInt8

    /// The set with these bits.
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// A breakpoint at the PC.
    package static let breakpoint = ReportedStops(rawValue: 1)
    /// A watchpoint that the instruction at the PC hits.
    package static let watchpoint = ReportedStops(rawValue: 2)
    /// A guest exception that was caught.
    ///
    /// The guest takes it when the vCPU is resumed.
    package static let caughtException = ReportedStops(rawValue: 4)

    /// The stop that an event reports; empty for events that do not recur at the PC.
    package init(_ reason: StopEvent.Reason) {
        switch reason {
        case .softwareBreakpoint, .hardwareBreakpoint: self.init(rawValue: Self.breakpoint.rawValue)
        case .watchpoint: self.init(rawValue: Self.watchpoint.rawValue)
        case .caughtException: self.init(rawValue: Self.caughtException.rawValue)
        case .stepped, .paused, .turnedOn, .turnedOff, .poweredOff, .failed: self.init(rawValue: 0)
        }
    }

    /// Whether one of the stops came after the breakpoint check of the instruction and before the instruction
    /// completed.
    package var isWithinInstruction: Bool { contains(.watchpoint) || contains(.caughtException) }

    /// Whether a vCPU that continues must first execute the instruction at its PC alone.
    ///
    /// If there is a breakpoint at the PC, it must do so only if that breakpoint has been reported.
    package func movesOff(breakpointAtPC hasBreakpoint: Bool) -> Bool {
        !isEmpty && (contains(.breakpoint) || !hasBreakpoint)
    }
}
