package import Acceleration
package import Execution
package import GDBStub
import GuestAddresses
import GuestMemory
package import Machine
import NumberText

/// A machine as a debug session drives it: what is the same for guests of every architecture.
package protocol DebuggedMachine: DebugTarget, StopFilter, AgentHost, MonitorCommands, MemoryAreaSource,
    SystemTableSource, PowerReports, PhysicalAddressing, StepInterrupts
{
    var machine: Machine { get }
    /// The accelerator that runs the vCPUs.
    var vcpus: any Accelerator { get }
    /// The stop points and catches that the client has set.
    var debug: GuestDebug { get set }
    /// The stop points and catches in effect: the client's, and those of the agent.
    var applied: GuestDebug { get set }
    /// Conditions, commands and tracepoints.
    var machineAgent: Agent { get }
    /// The guest-physical memory map. Fixed once the machine is built.
    var physicalMap: PhysicalMap { get }
    var machineReset: MachineReset { get }
    /// The name of the instruction that is a software breakpoint in memory, such as `BRK`.
    static var breakpointInstruction: String { get }
    /// The ranges that watchpoints can cover, in LLDB's words.
    static var watchpointTypes: String { get }
    /// The monitor commands.
    static var monitorRows: [MonitorRow<Self>] { get }
    /// A line for each vCPU, the selected one marked as in `info threads`.
    func cpus(selected: Int) throws(TargetError) -> String
    /// The topics of `monitor info`.
    static var infoTopics: [MonitorRow<Self>] { get }

    /// Refuses what can't be an instruction's address.
    func check(instructionAt address: UInt64) throws(TargetError)
    /// Whether a breakpoint at the address is one for the vCPU, which the accelerator has not looked at after a step.
    func isBound(_ address: UInt64, toCurrentSpaceOf vcpu: Int) -> Bool
    /// The memory the client's addresses mean.
    func clientMemory(vcpu: Int) throws(TargetError) -> any AddressSpace
    /// Restores all settings of the session to their defaults, so that the next session starts without them.
    func endOfSession()
}

extension DebuggedMachine {
    package var vcpuCount: Int { vcpus.vcpuCount }

    package var agent: Agent { machineAgent }

    package var supportsNonStop: Bool { true }

    package var watchpoints: WatchpointSupport? {
        WatchpointSupport(count: vcpus.watchpointCount, types: Self.watchpointTypes)
    }

    // MARK: Capabilities of the target

    package var agentHost: (any AgentHost)? { self }
    package var monitor: (any MonitorCommands)? { self }
    package var memoryAreaSource: (any MemoryAreaSource)? { self }
    package var systemTableSource: (any SystemTableSource)? { self }
    package var powerReports: (any PowerReports)? { vcpus.canReportPower ? self : nil }
    package var physicalAddressing: (any PhysicalAddressing)? { self }
    package var stepInterrupts: (any StepInterrupts)? { self }
}

// MARK: Breakpoints and watchpoints

/// More breakpoints than these no client gets: it could make the process as large as it likes otherwise.
private let maximumBreakpoints = 1 << 12

extension DebuggedMachine {
    /// Sets a stop point; of a breakpoint nothing but the address counts.
    ///
    /// Its kind is the target's to define (GDB manual, "Packets"), neither architecture defines any, and clients send
    /// 4, 2, 1 and 0; QEMU ignores it as well. A breakpoint at an address where no instruction can be waits there for a
    /// PC that never comes.
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

    package func remove(_ point: StopPoint, vcpu: Int) throws(TargetError) {
        var changed = debug
        switch point.kind {
        case .softwareBreakpoint: changed.softwareBreakpoints.remove(point.address)
        case .hardwareBreakpoint: changed.hardwareBreakpoints.remove(point.address)
        case .writeWatchpoint, .readWatchpoint, .accessWatchpoint: changed.watchpoints.removeAll { $0 == point }
        }
        try set(changed)
    }

    package func removeAllStopPoints() {
        var none = GuestDebug()
        none.catches = debug.catches
        none.interrupts = debug.interrupts
        none.reportsPower = debug.reportsPower
        none.bindings = debug.bindings
        // Nothing set can't need a slot that isn't there.
        try? set(none)
    }

    /// Makes what every session needs of the description, so that no client waits for it.
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
    package func readMemory(_ address: UInt64, count: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        try clientMemory(vcpu: vcpu).read(VirtualAddress(address), count: count)
    }

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
