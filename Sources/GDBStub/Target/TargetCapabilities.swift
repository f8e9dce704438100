public import Execution

// The capabilities of a target beyond the core of `DebugTarget`. Each is a protocol of classes, because Embedded Swift
// has no other existentials; usually the target conforms to it and returns itself.

/// A target at whose breakpoints an ``Agent`` evaluates conditions, commands and tracepoints.
///
/// Without it none of these is announced, and clients check conditions themselves.
public protocol AgentHost: AnyObject {
    /// The agent, which whatever runs the vCPUs asks at each breakpoint.
    var agent: Agent { get }

    /// Takes the report that ``Agent/ownAddresses`` may have changed: inserts breakpoints there, and removes those that
    /// neither the agent nor the client needs any longer.
    func agentChanged() throws(TargetError)
}

/// A target with `monitor` commands of its own, in addition to those of the session.
public protocol MonitorCommands: AnyObject {
    /// The commands, each with one line of help.
    ///
    /// One called `reset` also serves the `R` packet; it leaves the machine stopped at its first instruction. One with
    /// the name of a built-in command replaces it.
    var monitorCommands: [MonitorCommand] { get }

    /// Runs one of `monitorCommands`; the text is shown to the user as it is.
    func runMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> String

    /// Begins one of `monitorCommands` whose text takes longer than a moment to make; nil if the command is not such a
    /// one and ``runMonitorCommand(_:arguments:vcpu:)`` must run it. Nil by default.
    ///
    /// The machine stays as it is until the text is complete, or the client has abandoned it.
    func longMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> (any LongText)?
}

extension MonitorCommands {
    /// No command takes long.
    public func longMonitorCommand(
        _ name: String, arguments: [String], vcpu: Int
    ) throws(TargetError) -> (any LongText)? { nil }
}

/// A target that can say what lies at an address (LLDB's `memory region`).
public protocol MemoryAreaSource: AnyObject {
    /// The area that an address lies in, holes included.
    ///
    /// For each address of the answer's range the answer is the same, and the address after the range has an answer as
    /// well.
    func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea
}

/// A target that can list the memory at the addresses that the client uses (`info mem` in GDB).
public protocol MemoryMapSource: AnyObject {
    /// The memory; nil while the client's addresses are not those of the map.
    func memoryMap(vcpu: Int) -> [MemoryMapEntry]?

    /// Whether the memory map stays true for the whole session: GDB reads it once, and refuses accesses outside it.
    var announcesMemoryMap: Bool { get }
}

/// A target with tables for `info os` in GDB.
public protocol SystemTableSource: AnyObject {
    /// The tables, as they are now.
    var systemTables: [SystemTable] { get }
}

/// A target that can describe in words what stopped a vCPU.
public protocol StopDescriptions: AnyObject {
    /// The event at the last stop of a vCPU, for people; nil where the stop's reason is enough.
    func stopDescription(vcpu: Int) -> String?
}

/// A target that can stop the machine when a vCPU is turned on or off (`QThreadEvents`).
public protocol PowerReports: AnyObject {
    /// Chooses whether a vCPU that is turned on or off stops the machine.
    func setReportsPower(_ reports: Bool) throws(TargetError)
}

/// A target whose client chooses what addresses are (`Qqemu.PhyMemMode`).
public protocol PhysicalAddressing: AnyObject {
    /// Whether the client's addresses are physical now.
    var usesPhysicalAddresses: Bool { get }

    /// Chooses whether the client's addresses are physical.
    func setUsesPhysicalAddresses(_ uses: Bool) throws(TargetError)
}

/// A target whose client chooses what a step does with pending interrupts (`Qqemu.sstep`).
public protocol StepInterrupts: AnyObject {
    /// Whether interrupts are held off while a vCPU steps.
    var stepsHoldInterrupts: Bool { get }

    /// Chooses whether interrupts are held off while a vCPU steps.
    func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError)
}
