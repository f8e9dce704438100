/// The stops that have been reported for a vCPU at its PC, and therefore do not stop it there again.
///
/// Only a hit that was reported may be passed, and only once. A step that ended at a breakpoint, a pause and an earlier
/// hit of another kind report nothing about the breakpoint at PC: the vCPU stops at it as soon as it is resumed.
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
    /// An exception of the guest's own, which the guest takes when the vCPU is resumed.
    package static let caughtException = ReportedStops(rawValue: 4)

    /// The stop that an event reports.
    package init(_ reason: StopEvent.Reason) {
        switch reason {
        case .softwareBreakpoint, .hardwareBreakpoint: self.init(rawValue: Self.breakpoint.rawValue)
        case .watchpoint: self.init(rawValue: Self.watchpoint.rawValue)
        case .caughtException: self.init(rawValue: Self.caughtException.rawValue)
        case .stepped, .paused, .turnedOn, .turnedOff, .poweredOff, .failed: self.init(rawValue: 0)
        }
    }

    /// Whether one of the stops came after the breakpoint check of its instruction and before the instruction
    /// completed.
    package var isWithinInstruction: Bool { contains(.watchpoint) || contains(.caughtException) }

    /// Whether a vCPU that continues first executes only the instruction at its PC.
    ///
    /// With a breakpoint there, it does so only if that breakpoint has been reported.
    package func movesOff(breakpointAtPC hasBreakpoint: Bool) -> Bool {
        !isEmpty && (contains(.breakpoint) || !hasBreakpoint)
    }
}
