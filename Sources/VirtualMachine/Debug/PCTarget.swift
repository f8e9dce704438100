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
    private var isPhysical = false
    private let restart: Restart

    package let description: TargetDescription

    /// - Parameter agentOutput: takes the agent's text, on the vCPU thread.
    init(
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
        (accelerator as? KVMAccelerator)?.prefersPatches = false
        (accelerator as? KVMX86Accelerator)?.blocksInterrupts = true
        debug = GuestDebug()
        try? set(debug)
    }

    // MARK: Breakpoints

    /// GDB sends INT3's length as the kind (gdbserver's x86 `breakpoint_kind`).
    package func check(breakpoint point: StopPoint) throws(TargetError) {
        guard point.length == 1 else {
            throw .invalid("breakpoint kind \(point.length): a breakpoint of x86's has 1 byte")
        }
    }

    /// Instructions begin anywhere.
    package func check(instructionAt address: UInt64) throws(TargetError) {}

    /// Nothing is bound: there is no command for it.
    package func isBound(_ address: UInt64, toCurrentSpaceOf vcpu: Int) -> Bool { true }

    // MARK: Memory

    package func clientMemory(vcpu: Int) throws(TargetError) -> any AddressSpace { try addressSpace(vcpu: vcpu) }

    private func addressSpace(vcpu: Int) throws(TargetError) -> X86AddressSpace {
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

    package func setReportsPower(_ reports: Bool) throws(TargetError) {
        guard !reports else {
            throw .invalid("the accelerator \(accelerator.name) does not tell when vCPUs are turned on and off")
        }
    }

    package func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea? {
        try addressSpace(vcpu: vcpu).area(at: address, physicalMap)
    }

    package func memoryMap(vcpu: Int) -> [MemoryMapEntry]? { nil }

    package var announcesMemoryMap: Bool { false }
}

// MARK: Monitor commands

extension PCTarget {
    package var monitorCommands: [MonitorCommand] {
        [
            MonitorCommand(
                name: "translate", arguments: "VA", help: "walk the selected vCPU's page tables"),
            MonitorCommand(name: "gva2gpa", arguments: "VA", help: "say the guest-physical address of a virtual one"),
            MonitorCommand(
                name: "regime", arguments: "[auto|physical]", help: "say or choose what addresses mean to the debugger"),
            MonitorCommand(
                name: "catch", arguments: "[int3|none]", help: "stop at the guest's own INT3 before it is taken"),
            MonitorCommand(
                name: "info", arguments: "registers|mem|mtree|cpus|version",
                help: "show registers, mapped memory, the physical map, vCPUs …"),
            MonitorCommand(
                name: "xp", arguments: "[/COUNT FORMAT SIZE] PA",
                help: "show guest-physical memory, such as xp /4xg 0x100000; FORMAT is one of xduoc, SIZE of bhwg"),
            MonitorCommand(
                name: "exits", help: "count what the vCPUs came back for, and accesses to each device"),
            MonitorCommand(
                name: "trace", arguments: "mmio [on|off]",
                help: "note accesses to devices from now on, or no longer; without a word, show what was noted"),
            MonitorCommand(name: "cpus", help: "show where each vCPU is and what it is doing"),
            MonitorCommand(
                name: "breakpoints", arguments: "[auto|memory]",
                help: "say or choose where software breakpoints are put: registers first, or INT3s in memory first"),
            MonitorCommand(
                name: "steps", arguments: "[kvm|flags]",
                help: "say or choose what holds interrupts off in a step: KVM, or RFLAGS.IF as on older hosts"),
            MonitorCommand(
                name: "reset", arguments: "[halt]",
                help: "restart the machine, held before its first instruction; breakpoints stay"),
        ]
    }

    package func runMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> String {
        let word = arguments.first
        switch (name, arguments.count) {
        case ("translate", 1): return try addressSpace(vcpu: vcpu).traceText(try address(arguments[0], name))
        case ("gva2gpa", 1):
            guard let (physical, _) = try? addressSpace(vcpu: vcpu).translate(try address(arguments[0], name)) else {
                return "Unmapped\n"
            }
            return "gpa: \(hexadecimal(physical))\n"
        case ("regime", 0...1): return try chooseRegime(word)
        case ("catch", 0...1): return try chooseCatch(word)
        case ("cpus", 0): return try cpus(selected: vcpu)
        case ("info", 0...1): return try info(word, vcpu: vcpu)
        case ("xp", 1...2): return try examine(arguments)
        case ("exits", 0): return exits
        case ("trace", 1...2): return try trace(arguments)
        case ("breakpoints", 0...1): return try placeBreakpoints(word)
        case ("steps", 0...1): return try chooseSteps(word)
        case ("reset", 0),
            ("reset", 1) where word == nil || word == "halt":
            do throws(MachineError) {
                try restart.perform()
            } catch {
                throw .invalid("reset: \(error)")
            }
            return "the machine is back at its first instruction; "
                + "GDB shows it after \"maintenance flush register-cache\", LLDB at its next stop\n"
        default: throw .invalid("\(name): wrong arguments; \"monitor help\" says what it takes")
        }
    }

    private func address(_ text: String, _ command: String) throws(TargetError) -> UInt64 {
        guard let address = MachineTarget.number(text) else {
            throw .invalid("\(command) \(text): give an address, such as 0xffffffff81000000")
        }
        return address
    }

    private func chooseRegime(_ word: String?) throws(TargetError) -> String {
        switch word {
        case nil: break
        case "auto": isPhysical = false
        case "physical": isPhysical = true
        case let word?: throw .invalid("regime \(word): use auto or physical")
        }
        return isPhysical
            ? "addresses are guest-physical\n"
            : "addresses are virtual, by the selected vCPU's page tables; kernel addresses mean the kernel's\n"
    }

    private func chooseCatch(_ word: String?) throws(TargetError) -> String {
        var changed = debug
        switch word {
        case nil: break
        case "int3": changed.catchesGuestBreakpoints = true
        case "none": changed.catchesGuestBreakpoints = false
        case let word?: throw .invalid("catch \(word): use int3 or none")
        }
        try set(changed)
        return debug.catchesGuestBreakpoints ? "catching: int3\n" : "catching: none\n"
    }

    private func placeBreakpoints(_ word: String?) throws(TargetError) -> String {
        guard let kvm = accelerator as? KVMAccelerator else { return "there is nothing to choose\n" }
        switch word {
        case nil: break
        case "auto": kvm.prefersPatches = false
        case "memory": kvm.prefersPatches = true
        case let word?: throw .invalid("breakpoints \(word): use auto or memory")
        }
        return kvm.prefersPatches
            ? "software breakpoints are INT3 instructions in guest memory\n"
            : "software breakpoints are in the processor's registers while there are any, then in guest memory\n"
    }

    private func chooseSteps(_ word: String?) throws(TargetError) -> String {
        guard let kvm = accelerator as? KVMX86Accelerator else { return "there is nothing to choose\n" }
        switch word {
        case nil: break
        case "kvm" where !kvm.canBlockInterrupts:
            throw .invalid("steps kvm: the host's KVM has no KVM_GUESTDBG_BLOCKIRQ, which came with Linux 5.16")
        case "kvm": kvm.blocksInterrupts = true
        case "flags": kvm.blocksInterrupts = false
        case let word?: throw .invalid("steps \(word): use kvm or flags")
        }
        return kvm.blocksInterrupts
            ? "KVM holds interrupts off in a step\n" : "RFLAGS.IF is cleared for a step, and put right after it\n"
    }

    /// One line for each vCPU, the selected one marked as in `info threads`.
    func cpus(selected: Int) throws(TargetError) -> String {
        var text = ""
        for vcpu in 0..<vcpuCount {
            text += (vcpu == selected ? "* " : "  ") + threadName(vcpu: vcpu)
            if accelerator.activity(vcpu: vcpu) != .off {
                let paging = try accelerator.paging(vcpu: vcpu).paging
                text += "  RIP \(padded(try accelerator.programCounter(vcpu: vcpu)))"
                text += "  CR3 \(padded(paging.registers.cr3))\(paging.mode == .off ? "  paging off" : "")"
            }
            text += "\n"
        }
        return text
    }
}
