public import Execution
public import TargetDescription

/// A machine that a debug session drives: one or more vCPUs, all stopped whenever a call is made.
///
/// The requirements without a default are all that a target needs for a session with registers, memory, breakpoints,
/// steps and continues. Everything else is a capability: a property of this protocol whose default is nil, and whose
/// value has a protocol of its own (`TargetCapabilities.swift`). The session reports to the client that it does not
/// support the packets of a capability that is nil.
///
///     final class Board: DebugTarget, MonitorCommands {
///         var monitor: (any MonitorCommands)? { self }
///         …
///     }
///
/// A capability is a property because Embedded Swift has no casts to a protocol type. Which capabilities there are
/// must not change during a session; values, such as ``host``, may.
///
/// Only `description`, `vcpuCount` and the capabilities themselves may be asked for at any time. vCPUs are counted from
/// 0; GDB's thread-ids are one higher. Every address is virtual, in the translation regime of the vCPU that is passed
/// with it. Calls return at once: a resume is an action that the session hands to its driver, never a call.
public protocol DebugTarget: AnyObject {
    // MARK: Core

    /// The registers and features served as target.xml. It never changes during a session.
    var description: TargetDescription { get }

    /// The number of vCPUs of the machine, powered-off ones included: at least 1.
    var vcpuCount: Int { get }

    /// Reads one register, least significant byte first, exactly as many bytes as its description says.
    func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8]

    /// Writes registers, all or none: when it throws, nothing has changed.
    ///
    /// The target chooses the order, which matters to banked registers, such as AArch64's SP by EL and SPSel.
    func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError)

    /// Reads up to `count` bytes; a shorter answer ends where the readable memory ends. Throws if not even one is.
    ///
    /// Breakpoints the debugger put there are never seen.
    func readMemory(_ address: UInt64, count: Int, vcpu: Int) throws(TargetError) -> [UInt8]

    /// Writes all of the bytes, or throws. Breakpoints stay in place.
    func writeMemory(_ address: UInt64, bytes: [UInt8], vcpu: Int) throws(TargetError)

    /// Sets a breakpoint or watchpoint on all vCPUs. Setting the same one again changes nothing.
    func insert(_ point: StopPoint, vcpu: Int) throws(TargetError)

    /// Removes a breakpoint or watchpoint. Removing one that does not exist changes nothing.
    func remove(_ point: StopPoint, vcpu: Int) throws(TargetError)

    /// Removes every breakpoint and watchpoint: the last call of a session, however it ends.
    ///
    /// Breakpoints at ``Agent/ownAddresses`` stay.
    func removeAllStopPoints()

    // MARK: Values with a default

    /// The name of a vCPU for people, with what it is doing, such as `CPU 2 (EL1, WFI)`; `CPU 2` by default.
    func threadName(vcpu: Int) -> String

    /// `description` in the forms that each session needs, kept by the target to spare each session the work.
    var preparedDescription: PreparedDescription? { get }

    /// The kind of machine, as it is now.
    var host: HostDescription? { get }

    /// The number of watchpoints and when they stop; nil if unknown.
    var watchpoints: WatchpointSupport? { get }

    /// The distance of the program from where it was linked for; nil if it is unknown. The session decides which
    /// clients it is reported to, and when.
    var relocation: UInt64? { get }

    /// Whether the target's driver takes plans of non-stop mode.
    ///
    /// Otherwise the mode is not announced, and its packets are not supported.
    var supportsNonStop: Bool { get }

    // MARK: Capabilities

    /// Conditions, commands and tracepoints that are evaluated without the client.
    var agentHost: (any AgentHost)? { get }
    /// `monitor` commands of the target's own.
    var monitor: (any MonitorCommands)? { get }
    /// The areas that the client's addresses lie in.
    var memoryAreaSource: (any MemoryAreaSource)? { get }
    /// The memory map that GDB works with.
    var memoryMapSource: (any MemoryMapSource)? { get }
    /// The tables of `info os`.
    var systemTableSource: (any SystemTableSource)? { get }
    /// Words for what stopped a vCPU.
    var stopDescriptions: (any StopDescriptions)? { get }
    /// Stops when a vCPU is turned on or off.
    var powerReports: (any PowerReports)? { get }
    /// The choice between virtual and physical addresses.
    var physicalAddressing: (any PhysicalAddressing)? { get }
    /// The choice whether interrupts are held off while a vCPU steps.
    var stepInterrupts: (any StepInterrupts)? { get }
}
