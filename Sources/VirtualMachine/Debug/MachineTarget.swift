import AArch64
package import GDBStub
import Machine
package import TargetDescription

/// An AArch64 machine as a debug session drives it, on whatever accelerator.
package final class MachineTarget: DebugTarget, @unchecked Sendable {
    // SAFETY: it is the serving thread's while the vCPUs are held, and the vCPU thread's while they run.
    let machine: Machine
    let accelerator: any Accelerator
    /// What the client has set.
    var debug = GuestDebug()
    /// That, and what the agent needs.
    private(set) var applied = GuestDebug()
    /// Conditions, commands and tracepoints.
    let machineAgent: Agent
    /// How client addresses are understood.
    var regime = AddressRegime.automatic
    let restart: Restart
    /// What is where: it never changes.
    let physicalMap: PhysicalMap

    package let description: TargetDescription

    package enum AddressRegime: String, CaseIterable, Sendable {
        /// Virtual, in the translation regime of the selected vCPU.
        ///
        /// Kernel addresses mean the kernel's tables also where the guest runs without them.
        case automatic = "auto"
        /// Virtual, exactly as the selected vCPU's registers translate them.
        case el1
        /// Guest-physical.
        case physical
    }

    /// - Parameter agentOutput: takes the agent's text, on the vCPU thread.
    init(
        machine: Machine, accelerator: any Accelerator, restart: Restart, agentOutput: @escaping ([UInt8]) -> Void
    ) {
        machineAgent = Agent(output: agentOutput)
        self.machine = machine
        self.accelerator = accelerator
        self.restart = restart
        physicalMap = PhysicalMap(machine)
        description = AArch64TargetDescription.description(
            systemRegisters: accelerator.systemRegisters, features: accelerator.features)
    }

    package var vcpuCount: Int { accelerator.vcpuCount }

    package var agent: Agent? { machineAgent }

    /// What a session leaves behind for the next one: nothing.
    package func endOfSession() {
        regime = .automatic
        machine.bus.trace = nil
        (accelerator as? KVMAccelerator)?.prefersPatches = false
        debug = GuestDebug()
        try? set(debug)
    }

    func pstate(_ vcpu: Int) throws(TargetError) -> PSTATE {
        PSTATE(rawValue: try accelerator.read(.pstate, vcpu: vcpu))
    }

    // MARK: Breakpoints and watchpoints

    package func insert(_ point: StopPoint, vcpu: Int) throws(TargetError) {
        var changed = debug
        switch point.kind {
        case .softwareBreakpoint:
            try check(breakpoint: point)
            changed.softwareBreakpoints.insert(point.address)
        case .hardwareBreakpoint:
            try check(breakpoint: point)
            changed.hardwareBreakpoints.insert(point.address)
        case .writeWatchpoint, .readWatchpoint, .accessWatchpoint:
            guard point.length > 0, point.address.addingReportingOverflow(point.length - 1).overflow == false else {
                throw .invalid("a watchpoint of \(point.length) bytes at \(hexadecimal(point.address)) is not possible")
            }
            if !changed.watchpoints.contains(point) { changed.watchpoints.append(point) }
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

    func set(_ changed: GuestDebug) throws(TargetError) {
        var whole = changed
        whole.softwareBreakpoints.formUnion(machineAgent.ownAddresses)
        if whole != applied {
            try accelerator.setGuestDebug(whole)
            applied = whole
        }
        debug = changed
    }

    /// A64 instructions are 4 bytes at multiples of 4 (Arm ARM, B1.1); GDB sends the instruction's size as the kind.
    private func check(breakpoint point: StopPoint) throws(TargetError) {
        guard point.length == 4 else {
            throw .invalid("breakpoint kind \(point.length): A64 instructions have 4 bytes")
        }
        guard point.address & 3 == 0 else {
            throw .invalid("breakpoint at \(hexadecimal(point.address)): A64 instructions lie at multiples of 4")
        }
    }
}
