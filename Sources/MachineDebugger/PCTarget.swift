package import Acceleration
package import Execution
package import GDBStub
package import Machine
package import TargetDescription
import X86_64

/// An x86-64 machine as a debug session drives it.
package final class PCTarget: DebuggedMachine, @unchecked Sendable {
    // SAFETY: it is the serving thread's while the vCPUs are held, and the vCPU thread's while they run.
    package let machine: Machine
    let accelerator: any X86Accelerator
    package var debug = GuestDebug()
    package var applied = GuestDebug()
    package let machineAgent: Agent
    package let physicalMap: PhysicalMap
    /// Whether the client's addresses are guest-physical.
    var isPhysical = false
    package let restart: Restart
    package static let breakpointInstruction = "INT3"

    package let description: TargetDescription
    package private(set) lazy var descriptionDocument = description.xml()
    package private(set) lazy var registerLayout = RegisterLayout(description)

    /// - Parameter agentOutput: takes the agent's text, on the thread that runs the vCPUs.
    package init(
        machine: Machine, accelerator: any X86Accelerator, restart: Restart, agentOutput: @escaping ([UInt8]) -> Void
    ) {
        machineAgent = Agent(output: agentOutput)
        self.machine = machine
        self.accelerator = accelerator
        self.restart = restart
        physicalMap = PhysicalMap(machine)
        description = X86_64TargetDescription.description(hasAVX: accelerator.hasAVX)
    }

    package var vcpus: any Accelerator { accelerator }

    package func endOfSession() {
        isPhysical = false
        machine.bus.trace = nil
        (accelerator as? any BreakpointPatching)?.prefersPatches = false
        (accelerator as? any StepInterruptBlocking)?.blocksInterrupts = true
        debug = GuestDebug()
        try? set(debug)
    }

    // MARK: Breakpoints

    /// Instructions begin anywhere.
    package func check(instructionAt address: UInt64) throws(TargetError) {}

    /// Nothing is bound: there is no command for it.
    package func isBound(_ address: UInt64, toCurrentSpaceOf vcpu: Int) -> Bool { true }

    // MARK: Memory

    package func clientMemory(vcpu: Int) throws(TargetError) -> any AddressSpace { try addressSpace(vcpu: vcpu) }

    func addressSpace(vcpu: Int) throws(TargetError) -> X86AddressSpace {
        X86AddressSpace(
            machine.memory, paging: isPhysical ? nil : try accelerator.paging(vcpu: vcpu), findsKernel: true)
    }

    package var usesPhysicalAddresses: Bool? { isPhysical }

    package func setUsesPhysicalAddresses(_ uses: Bool) { isPhysical = uses }

    // MARK: Registers

    package func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        try accelerator.read(try register(number), vcpu: vcpu)
    }

    package func writeRegister(_ number: Int, vcpu: Int, bytes: [UInt8]) throws(TargetError) {
        try writeRegisters([(number, bytes)], vcpu: vcpu)
    }

    package func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError) {
        var registers: [(register: DebuggerRegister, bytes: [UInt8])] = []
        for (number, bytes) in values { registers.append((try register(number), bytes)) }
        try accelerator.write(registers, vcpu: vcpu)
    }

    private func register(_ number: Int) throws(TargetError) -> DebuggerRegister {
        guard let register = DebuggerRegister(number: number) else {
            throw .invalid("there is no register number \(number)")
        }
        if case .ymmHigh = register, !accelerator.hasAVX { throw .invalid("\(register.name): the guest has no AVX") }
        return register
    }

    // MARK: For people

    package func threadName(vcpu: Int) -> String {
        let activity = accelerator.activity(vcpu: vcpu)
        if activity == .off { return "CPU \(vcpu) (off)" }
        let mode = (try? accelerator.mode(vcpu: vcpu).text) ?? "?"
        return "CPU \(vcpu) (\(mode)\(activity == .waiting ? ", HLT" : ""))"
    }

    /// A watchpoint stops behind the access.
    ///
    /// Addresses have 48 bits, or 57 with five levels of tables.
    package var host: HostDescription? {
        let bits = (try? accelerator.paging(vcpu: 0).paging.mode) == .fiveLevel ? 57 : 48
        return HostDescription(
            triple: "x86_64-unknown-none", stopsBeforeWatchedAccess: false, lowAddressBits: bits, highAddressBits: bits)
    }

    package var watchpointTypes: String? { "x86_64" }

    package var relocation: UInt64? { machine.isLinkedWhereItRuns ? 0 : nil }

    package func stopDescription(vcpu: Int) -> String? { nil }

    package var stepsHoldInterrupts: Bool { true }

    package func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError) {
        guard hold else { throw .invalid("the accelerator \(accelerator.name) always holds interrupts off in a step") }
    }

    package func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea? {
        try addressSpace(vcpu: vcpu).area(at: address, physicalMap).forClient(\.forClient)
    }

    package func memoryMap(vcpu: Int) -> [MemoryMapEntry]? { nil }

    package var announcesMemoryMap: Bool { false }
}
