public import Execution
public import TargetDescription

/// A machine that a debug session controls.
///
/// The session makes calls only while no vCPU runs.
///
/// The requirements without a default suffice for a session with registers, memory, breakpoints, steps and continues.
/// The rest are capabilities: properties of this protocol whose default is nil, and whose value has a protocol of its
/// own (`TargetCapabilities.swift`). The packets of a capability that is nil are not supported.
///
///     final class Board: DebugTarget, MonitorCommands {
///         var monitor: (any MonitorCommands)? { self }
///         …
///     }
///
/// A capability is a property because Embedded Swift has no casts to a protocol type. Whether a capability is nil must
/// not change during a session; values such as ``host`` may change.
///
/// Only `description`, `vcpuCount` and the capabilities themselves may be read at any time. vCPUs are numbered from 0;
/// GDB's thread-ids are one higher. Addresses are virtual, in the translation regime of the vCPU passed with them.
/// Calls return at once: a resume is an action that the session hands to its driver.
public protocol DebugTarget: AnyObject {
    // MARK: Core

    /// The registers and features served as `target.xml`. Never changes during a session.
    var description: TargetDescription { get }

    /// The number of vCPUs of the machine, including powered-off ones; at least 1.
    var vcpuCount: Int { get }

    /// Reads one register, least significant byte first. The number of bytes matches the register's description.
    func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8]

    /// Writes registers, all or none: if it throws, nothing has changed.
    ///
    /// The target chooses the order, which matters for banked registers, such as AArch64's SP by EL and SPSel.
    func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError)

    /// Reads up to `count` bytes. The result ends where readable memory ends; throws if the first byte is unreadable.
    ///
    /// The bytes are the guest's own, even at addresses of breakpoints.
    func readMemory(_ address: UInt64, count: Int, vcpu: Int) throws(TargetError) -> [UInt8]

    /// Writes all bytes, or throws. Breakpoints stay in place.
    func writeMemory(_ address: UInt64, bytes: [UInt8], vcpu: Int) throws(TargetError)

    /// Inserts a breakpoint or watchpoint on all vCPUs. Inserting the same one again changes nothing.
    func insert(_ point: StopPoint, vcpu: Int) throws(TargetError)

    /// Removes a breakpoint or watchpoint. Removing one that does not exist changes nothing.
    func remove(_ point: StopPoint, vcpu: Int) throws(TargetError)

    /// Removes every breakpoint and watchpoint. The last call of every session.
    ///
    /// Breakpoints at ``Agent/ownAddresses`` stay.
    func removeAllStopPoints()

    // MARK: Values with a default

    /// The name of a vCPU for the user, with its state, such as `CPU 2 (EL1, WFI)`; `CPU 2` by default.
    func threadName(vcpu: Int) -> String

    /// The `description` in the forms that sessions need. A target that keeps it saves each session the work.
    var preparedDescription: PreparedDescription? { get }

    /// The kind of machine in its current state.
    var host: HostDescription? { get }

    /// The number and kinds of watchpoints; nil if unknown.
    var watchpoints: WatchpointSupport? { get }

    /// The distance of the program from the address it was linked for, in bytes; nil if unknown.
    ///
    /// The session decides which clients receive it, and when.
    var relocation: UInt64? { get }

    /// Whether the target's driver accepts plans of non-stop mode.
    ///
    /// If not, the mode is not announced, and its packets are not supported.
    var supportsNonStop: Bool { get }

    // MARK: Capabilities

    /// Evaluation of conditions, commands and tracepoints on the target.
    var agentHost: (any AgentHost)? { get }
    /// The target's own `monitor` commands.
    var monitor: (any MonitorCommands)? { get }
    /// The map of address ranges with their access rights.
    var memoryAreaSource: (any MemoryAreaSource)? { get }
    /// The memory map for GDB.
    var memoryMapSource: (any MemoryMapSource)? { get }
    /// The tables of `info os`.
    var systemTableSource: (any SystemTableSource)? { get }
    /// Descriptions of the events that stop vCPUs.
    var stopDescriptions: (any StopDescriptions)? { get }
    /// Stops that report a vCPU being turned on or off.
    var powerReports: (any PowerReports)? { get }
    /// The choice between virtual and physical addresses.
    var physicalAddressing: (any PhysicalAddressing)? { get }
    /// The choice whether interrupts are masked while a vCPU steps.
    var stepInterrupts: (any StepInterrupts)? { get }
}
