public import Execution

// The capabilities of a target beyond the core of `DebugTarget`. Each is a class protocol, because Embedded Swift has
// no other existentials. Usually the target conforms to it and returns itself.

/// A target with an ``Agent`` that evaluates conditions, commands and tracepoints at breakpoints.
///
/// Without it none of these is announced, and clients evaluate conditions themselves.
public protocol AgentHost: AnyObject {
    /// The agent. The accelerator calls it at each breakpoint.
    var agent: Agent { get }

    /// Reports that ``Agent/ownAddresses`` may have changed. The target inserts breakpoints there, and removes those
    /// that neither the agent nor the client needs any longer.
    func agentChanged() throws(TargetError)
}

/// A target with `monitor` commands in addition to those of the session.
public protocol MonitorCommands: AnyObject {
    /// The commands, each with one line of help.
    ///
    /// A command named `reset` also serves the `R` packet. It leaves the machine stopped at its first instruction. A
    /// command with the name of a built-in one replaces it.
    var monitorCommands: [MonitorCommand] { get }

    /// Runs one of `monitorCommands` and returns its text, which the user sees unchanged.
    func runMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> String

    /// Begins one of `monitorCommands` whose text takes long to produce. Returns nil, the default, if
    /// ``runMonitorCommand(_:arguments:vcpu:)`` must run the command.
    ///
    /// The machine stays stopped until the text is complete or the client has abandoned it.
    func longMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> (any LongText)?
}

extension MonitorCommands {
    /// Returns nil: no command takes long.
    public func longMonitorCommand(
        _ name: String, arguments: [String], vcpu: Int
    ) throws(TargetError) -> (any LongText)? { nil }
}

/// A target that can describe the area of an address (LLDB's `memory region`).
public protocol MemoryAreaSource: AnyObject {
    /// Returns the area that contains the address; it may be a hole.
    ///
    /// The area is the same for each of its addresses, and the address after it has an area as well.
    func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea
}

/// A target that can list the memory in the address space of the client (`info mem` in GDB).
public protocol MemoryMapSource: AnyObject {
    /// The memory map; nil while the map does not apply to the client's addresses, such as virtual ones.
    func memoryMap(vcpu: Int) -> [MemoryMapEntry]?

    /// Whether the memory map stays valid for the whole session. GDB reads it once, and rejects accesses outside it.
    var announcesMemoryMap: Bool { get }
}

/// A target with tables for `info os` in GDB.
public protocol SystemTableSource: AnyObject {
    /// The tables with their current contents.
    var systemTables: [SystemTable] { get }
}

/// A target that can describe the event that stopped a vCPU.
public protocol StopDescriptions: AnyObject {
    /// The description of a vCPU's last stop, for the user; nil if the stop's reason is enough.
    func stopDescription(vcpu: Int) -> String?
}

/// A target that can stop the machine when a vCPU is turned on or off (`QThreadEvents`).
public protocol PowerReports: AnyObject {
    /// Sets whether the machine stops when a vCPU is turned on or off.
    func setReportsPower(_ reports: Bool) throws(TargetError)
}

/// A target whose client chooses between virtual and physical addresses (`Qqemu.PhyMemMode`).
public protocol PhysicalAddressing: AnyObject {
    /// Whether the client's addresses are physical.
    var usesPhysicalAddresses: Bool { get }

    /// Sets whether the client's addresses are physical.
    func setUsesPhysicalAddresses(_ uses: Bool) throws(TargetError)
}

/// A target whose client chooses how a step treats pending interrupts (`Qqemu.sstep`).
public protocol StepInterrupts: AnyObject {
    /// Whether interrupts are masked while a vCPU steps.
    var stepsHoldInterrupts: Bool { get }

    /// Sets whether interrupts are masked while a vCPU steps.
    func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError)
}
