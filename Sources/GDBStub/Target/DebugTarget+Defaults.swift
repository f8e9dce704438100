public import Execution
import TargetDescription

extension DebugTarget {
    /// `CPU` and the vCPU's number.
    public func threadName(vcpu: Int) -> String { "CPU \(vcpu)" }

    /// No prepared description: the session makes one from ``DebugTarget/description``.
    public var preparedDescription: PreparedDescription? { nil }
    /// No host description: `qHostInfo` and `qProcessInfo` are not supported.
    public var host: HostDescription? { nil }
    /// No watchpoint information: `qWatchpointSupportInfo` is not supported.
    public var watchpoints: WatchpointSupport? { nil }
    /// No relocation: `qOffsets` is not supported.
    public var relocation: UInt64? { nil }
    /// All-stop mode only.
    public var supportsNonStop: Bool { false }

    /// No agent: conditions, commands and tracepoints are not supported.
    public var agentHost: (any AgentHost)? { nil }
    /// No monitor commands other than the session's own.
    public var monitor: (any MonitorCommands)? { nil }
    /// No memory areas: `qMemoryRegionInfo` is not supported.
    public var memoryAreaSource: (any MemoryAreaSource)? { nil }
    /// No memory map: `qXfer:memory-map` is not supported.
    public var memoryMapSource: (any MemoryMapSource)? { nil }
    /// No system tables: `qXfer:osdata` is not supported.
    public var systemTableSource: (any SystemTableSource)? { nil }
    /// No descriptions of stops beyond their reason.
    public var stopDescriptions: (any StopDescriptions)? { nil }
    /// No reports of vCPUs that are turned on or off: `QThreadEvents` is not supported.
    public var powerReports: (any PowerReports)? { nil }
    /// No physical addresses: every address is virtual.
    public var physicalAddressing: (any PhysicalAddressing)? { nil }
    /// No choice about interrupts during steps: `Qqemu.sstep` is not supported.
    public var stepInterrupts: (any StepInterrupts)? { nil }

    /// Writes one register.
    ///
    /// If it throws, nothing has changed.
    public func writeRegister(_ number: Int, vcpu: Int, bytes: [UInt8]) throws(TargetError) {
        try writeRegisters([(number, bytes)], vcpu: vcpu)
    }

    /// The layout of the registers: by number, and in packets.
    var registerLayout: RegisterLayout { preparedDescription?.layout ?? RegisterLayout(description) }
}
