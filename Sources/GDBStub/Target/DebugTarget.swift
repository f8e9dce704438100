public import Execution
public import TargetDescription

/// What a debug session drives: a machine with one or more vCPUs, all of them stopped whenever it is asked anything.
///
/// Only `description` and `vcpuCount`, which never change, may be asked for at any time.
///
/// vCPUs are counted from 0; GDB's thread-ids are one higher. Every address is virtual, in the translation regime of
/// the vCPU named beside it. Calls return at once: a resume is an action the session hands to its driver, never a call.
public protocol DebugTarget: AnyObject {
    /// The registers and features served as target.xml. It never changes during a session.
    var description: TargetDescription { get }
    /// The bytes of target.xml, `description.xml()`: a target that caches them saves each session the work.
    var descriptionDocument: [UInt8] { get }
    /// `description`'s registers by number and packet: a target that keeps them spares each session the making.
    var registerLayout: RegisterLayout { get }

    /// How many vCPUs the machine has, powered off ones included: at least 1.
    var vcpuCount: Int { get }

    /// What a person calls the vCPU and what it is doing, as in `CPU 2 (EL1, WFI)`.
    func threadName(vcpu: Int) -> String

    /// Reads one register, least significant byte first, exactly as many bytes as its description says.
    func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8]

    /// Writes one register; when it throws, nothing has changed.
    func writeRegister(_ number: Int, vcpu: Int, bytes: [UInt8]) throws(TargetError)

    /// Writes several registers as one: when it throws, none has changed.
    ///
    /// `G` needs this: the order of writes matters to banked registers (sp by EL and SPSel), so the target chooses it.
    func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError)

    /// Reads up to `count` bytes; a shorter answer ends where the readable memory ends. Throws when not even one is.
    ///
    /// Breakpoints the debugger put there are never seen.
    func readMemory(_ address: UInt64, count: Int, vcpu: Int) throws(TargetError) -> [UInt8]

    /// Writes all of the bytes, or throws. Breakpoints stay in place.
    func writeMemory(_ address: UInt64, bytes: [UInt8], vcpu: Int) throws(TargetError)

    /// Sets a breakpoint or watchpoint on all vCPUs. Setting the same one again changes nothing.
    func insert(_ point: StopPoint, vcpu: Int) throws(TargetError)

    /// Removes it. Removing one that is not there changes nothing.
    func remove(_ point: StopPoint, vcpu: Int) throws(TargetError)

    /// Removes every breakpoint and watchpoint: the last thing a session asks for, however it ends.
    ///
    /// Those the agent has for itself (``Agent/ownAddresses``) stay.
    func removeAllStopPoints()

    /// What evaluates conditions and commands at breakpoints, if whoever runs the vCPUs asks it.
    ///
    /// Without one, nothing of that is announced, and clients check conditions themselves.
    var agent: Agent? { get }

    /// Tells that ``Agent/ownAddresses`` may have changed: breakpoints are put in there, and taken out elsewhere.
    func agentChanged() throws(TargetError)

    /// The target's own `monitor` commands, each with one line of help.
    ///
    /// One called `reset` also serves the `R` packet; it leaves the machine stopped at its first instruction. One with
    /// the name of a built-in command replaces it.
    var monitorCommands: [MonitorCommand] { get }

    /// Runs one of `monitorCommands`; the text is shown to the user as it is.
    func runMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> String

    /// Begins one of `monitorCommands` whose text takes longer than a moment to make; nil if the command is not such a
    /// one and ``runMonitorCommand(_:arguments:vcpu:)`` must run it.
    ///
    /// The machine stays as it is until the text is complete, or the client has abandoned it.
    func longMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> (any LongText)?

    // What follows is optional: the defaults say that there is none.

    /// What kind of machine it is, as it is now.
    var host: HostDescription? { get }

    /// How many watchpoints there can be at a time; nil if that can't be said.
    var watchpointCount: Int? { get }

    /// The area an address lies in, holes included; nil if areas are never told.
    ///
    /// For each address the answer's range has it, and the address behind the range has an answer as well.
    func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea?

    /// What memory there is at the addresses the client uses; nil where that is not true of them.
    func memoryMap(vcpu: Int) -> [MemoryMapEntry]?

    /// Whether the memory map stays true for the whole session: GDB reads it once, and refuses to go beyond it.
    var announcesMemoryMap: Bool { get }

    /// How far the program is from where it was linked for; nil if that is not known. The session decides to which
    /// clients it is reported, and when.
    var relocation: UInt64? { get }

    /// The tables of `info os`.
    var systemTables: [SystemTable] { get }

    /// What happened at the last stop of a vCPU, for people; nil where the stop's reason says it all.
    func stopDescription(vcpu: Int) -> String?

    /// Whether whoever runs the vCPUs takes plans of non-stop mode.
    ///
    /// Without it the mode is not announced, and its packets are unknown.
    var supportsNonStop: Bool { get }

    /// What watchpoints can cover, in LLDB's words: `aarch64-bas`, `aarch64-mask` and `x86_64`, with commas between them.
    ///
    /// `SupportedWatchpointTypes` of its GDBRemoteCommunicationClient; nil if nothing is said, and LLDB guesses.
    var watchpointTypes: String? { get }

    /// Whether it can stop the machine when a vCPU is turned on or off; clients are told if so.
    var canReportPower: Bool { get }

    /// Chooses whether a vCPU that is turned on or off stops the machine.
    func setReportsPower(_ reports: Bool) throws(TargetError)

    /// Whether the client's addresses are physical now; nil if there is no choice.
    var usesPhysicalAddresses: Bool? { get }
    func setUsesPhysicalAddresses(_ uses: Bool) throws(TargetError)

    /// Whether interrupts are held off while a vCPU steps.
    var stepsHoldInterrupts: Bool { get }
    func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError)
}

extension DebugTarget {
    public var agent: Agent? { nil }

    public func agentChanged() throws(TargetError) {}
}

/// A row of the table of `monitor` commands.
public struct MonitorCommand: Sendable {
    public var name: String
    /// What may follow the name, for the help text; empty if nothing may.
    public var arguments: String
    public var help: String

    public init(name: String, arguments: String = "", help: String) {
        self.name = name
        self.arguments = arguments
        self.help = help
    }
}
