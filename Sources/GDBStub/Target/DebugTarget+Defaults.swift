public import Execution
import TargetDescription

extension DebugTarget {
    /// `CPU` and the number.
    public func threadName(vcpu: Int) -> String { "CPU \(vcpu)" }

    public var preparedDescription: PreparedDescription? { nil }
    public var host: HostDescription? { nil }
    public var watchpoints: WatchpointSupport? { nil }
    public var relocation: UInt64? { nil }
    public var supportsNonStop: Bool { false }

    public var agentHost: (any AgentHost)? { nil }
    public var monitor: (any MonitorCommands)? { nil }
    public var memoryAreaSource: (any MemoryAreaSource)? { nil }
    public var memoryMapSource: (any MemoryMapSource)? { nil }
    public var systemTableSource: (any SystemTableSource)? { nil }
    public var stopDescriptions: (any StopDescriptions)? { nil }
    public var powerReports: (any PowerReports)? { nil }
    public var physicalAddressing: (any PhysicalAddressing)? { nil }
    public var stepInterrupts: (any StepInterrupts)? { nil }

    /// Writes one register; when it throws, nothing has changed.
    public func writeRegister(_ number: Int, vcpu: Int, bytes: [UInt8]) throws(TargetError) {
        try writeRegisters([(number, bytes)], vcpu: vcpu)
    }

    /// `description`'s registers by number and packet.
    var registerLayout: RegisterLayout { preparedDescription?.layout ?? RegisterLayout(description) }
}
