package import Acceleration
package import Execution
package import GDBStub
import GuestAddresses
import GuestMemory
package import Machine
import NumberText

/// A machine as the target of a debug session, for guests of every architecture.
package protocol DebuggedMachine: DebugTarget, StopFilter, AgentHost, MonitorCommands, MemoryAreaSource,
    SystemTableSource, PowerReports, PhysicalAddressing, StepInterrupts
{
    /// The machine that is debugged.
    var machine: Machine { get }
    /// The accelerator that runs the vCPUs.
    var vcpus: any Accelerator { get }
    /// The stop points and catches that the client has set.
    var debug: GuestDebug { get set }
    /// The stop points and catches in effect, the agent's included.
    var applied: GuestDebug { get set }
    /// Conditions, commands and tracepoints.
    var machineAgent: Agent { get }
    /// The guest-physical memory map. Fixed once the machine is built.
    var physicalMap: PhysicalMap { get }
    /// The reset of memory, devices and vCPUs.
    var machineReset: MachineReset { get }
    /// The name of the instruction that a software breakpoint in memory is, such as `BRK`.
    static var breakpointInstruction: String { get }
    /// The ranges that watchpoints can cover, in LLDB's words.
    static var watchpointTypes: String { get }
    /// The monitor commands.
    static var monitorRows: [MonitorRow<Self>] { get }
    /// Returns a line for each vCPU, with the selected one marked as in `info threads`.
    func cpus(selected: Int) throws(TargetError) -> String
    /// The topics of `monitor info`.
    static var infoTopics: [MonitorRow<Self>] { get }

    /// Throws if no instruction can be at the address.
    func check(instructionAt address: UInt64) throws(TargetError)
    /// Whether a breakpoint at the address applies to the vCPU's current address space.
    ///
    /// Asked after a step, because the accelerator does not check the binding then.
    func isBound(_ address: UInt64, toCurrentSpaceOf vcpu: Int) -> Bool
    /// Returns the address space that the client's addresses refer to.
    func clientMemory(vcpu: Int) throws(TargetError) -> any AddressSpace
    /// Restores all settings of the session to their defaults, so that the next session starts without them.
    func endOfSession()
}

extension DebuggedMachine {
    /// The number of vCPUs, powered-off ones included.
    package var vcpuCount: Int { vcpus.vcpuCount }

    /// Conditions, commands and tracepoints.
    package var agent: Agent { machineAgent }

    /// Always true.
    package var supportsNonStop: Bool { true }

    /// The number of watchpoints and the ranges they can cover.
    package var watchpoints: WatchpointSupport? {
        WatchpointSupport(count: vcpus.watchpointCount, types: Self.watchpointTypes)
    }

    // MARK: Capabilities of the target

    /// The target itself.
    package var agentHost: (any AgentHost)? { self }
    /// The target itself.
    package var monitor: (any MonitorCommands)? { self }
    /// The target itself.
    package var memoryAreaSource: (any MemoryAreaSource)? { self }
    /// The target itself.
    package var systemTableSource: (any SystemTableSource)? { self }
    /// The target itself, if the accelerator can report that a vCPU is turned on or off.
    package var powerReports: (any PowerReports)? { vcpus.canReportPower ? self : nil }
    /// The target itself.
    package var physicalAddressing: (any PhysicalAddressing)? { self }
    /// The target itself.
    package var stepInterrupts: (any StepInterrupts)? { self }
}

// MARK: Breakpoints and watchpoints

/// Upper bound on client breakpoints, so that a client cannot exhaust memory.
private let maximumBreakpoints = 1 << 12

extension DebuggedMachine {
    /// Sets a stop point; the kind of a breakpoint is ignored.
    ///
    /// The kind is defined by the target (GDB manual, "Packets"). Neither architecture defines any, clients send 4, 2,
    /// 1 and 0, and QEMU ignores it too. A breakpoint at an address where no instruction can be is accepted, and is
    /// never hit.
    package func insert(_ point: StopPoint, vcpu: Int) throws(TargetError) {
        var changed = debug
        switch point.kind {
        case .softwareBreakpoint:
            changed.softwareBreakpoints.insert(point.address)
        case .hardwareBreakpoint:
            changed.hardwareBreakpoints.insert(point.address)
        case .writeWatchpoint, .readWatchpoint, .accessWatchpoint:
            guard point.length > 0, point.address.addingReportingOverflow(point.length - 1).overflow == false else {
                throw .invalid("a watchpoint of \(point.length) bytes at \(hexadecimal(point.address)) is not possible")
            }
            if !changed.watchpoints.contains(point) { changed.watchpoints.append(point) }
        }
        guard changed.softwareBreakpoints.count + changed.hardwareBreakpoints.count <= maximumBreakpoints else {
            throw .noSpace("\(maximumBreakpoints) breakpoints are set: delete some")
        }
        guard changed.watchpoints.count <= GuestDebug.maximumWatchpoints else {
            throw .noSpace("\(GuestDebug.maximumWatchpoints) watchpoints are set: delete some")
        }
        try set(changed)
    }

    /// Removes a stop point; does nothing if it is not set.
    package func remove(_ point: StopPoint, vcpu: Int) throws(TargetError) {
        var changed = debug
        switch point.kind {
        case .softwareBreakpoint: changed.softwareBreakpoints.remove(point.address)
        case .hardwareBreakpoint: changed.hardwareBreakpoints.remove(point.address)
        case .writeWatchpoint, .readWatchpoint, .accessWatchpoint: changed.watchpoints.removeAll { $0 == point }
        }
        try set(changed)
    }

    /// Removes all stop points; the other settings of `debug` stay.
    package func removeAllStopPoints() {
        var none = GuestDebug()
        none.catches = debug.catches
        none.interrupts = debug.interrupts
        none.reportsPower = debug.reportsPower
        none.bindings = debug.bindings
        // Can't fail for lack of a slot, because no stop point of the client is left.
        try? set(none)
    }

    /// Makes the forms of the description that every session needs, so that no client waits for them.
    package func prepareDescription() {
        _ = preparedDescription?.document
        _ = preparedDescription?.layout
    }

    func set(_ changed: GuestDebug) throws(TargetError) {
        var whole = changed
        whole.softwareBreakpoints.formUnion(machineAgent.ownAddresses)
        if whole != applied {
            try vcpus.setGuestDebug(whole)
            applied = whole
        }
        debug = changed
    }
}

// MARK: Memory

extension DebuggedMachine {
    /// Reads up to `count` bytes of the client's address space; fewer if the rest cannot be read.
    package func readMemory(_ address: UInt64, count: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        try clientMemory(vcpu: vcpu).read(VirtualAddress(address), count: count)
    }

    /// Writes all bytes to the client's address space, or throws.
    package func writeMemory(_ address: UInt64, bytes: [UInt8], vcpu: Int) throws(TargetError) {
        var rest = bytes[...]
        for range in try clientMemory(vcpu: vcpu).ranges(VirtualAddress(address), count: bytes.count) {
            do throws(MemoryError) {
                try machine.memory.write(range.lowerBound, Array(rest.prefix(range.count)))
            } catch {
                throw .fault(error.description)
            }
            rest = rest.dropFirst(range.count)
        }
    }
}
