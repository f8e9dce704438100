public import Execution
public import TargetDescription

// What a target need not have: the session then answers that there is no such packet, or an error that says so.
extension DebugTarget {
    /// The document, written again for each session.
    public var descriptionDocument: [UInt8] { description.xml() }
    /// The layout, computed again for each session.
    public var registerLayout: RegisterLayout { RegisterLayout(description) }
    public var host: HostDescription? { nil }
    public var watchpointCount: Int? { nil }
    public var relocation: UInt64? { nil }
    public var announcesMemoryMap: Bool { false }
    public var systemTables: [SystemTable] { [] }
    public var usesPhysicalAddresses: Bool? { nil }
    public var stepsHoldInterrupts: Bool { true }
    public var supportsNonStop: Bool { false }
    public var canReportPower: Bool { false }
    public var watchpointTypes: String? { nil }

    public func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea? { nil }

    /// No command takes long.
    public func longMonitorCommand(
        _ name: String, arguments: [String], vcpu: Int
    ) throws(TargetError) -> (any LongText)? { nil }

    public func memoryMap(vcpu: Int) -> [MemoryMapEntry]? { nil }

    public func stopDescription(vcpu: Int) -> String? { nil }

    public func setReportsPower(_ reports: Bool) throws(TargetError) {
        if reports { throw .invalid("this target does not tell when vCPUs are turned on and off") }
    }

    public func setUsesPhysicalAddresses(_ uses: Bool) throws(TargetError) {
        throw .invalid("this target has no physical addresses to choose")
    }

    public func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError) {
        if !hold { throw .invalid("this target holds interrupts off while it steps, and can't do otherwise") }
    }
}
