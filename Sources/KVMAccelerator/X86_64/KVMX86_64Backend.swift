package import Acceleration
package import Execution
import GuestAddresses
import HostIO
package import KVM
package import Machine
import X86_64

/// The vCPUs of an x86-64 host's KVM.
package final class KVMX86_64Backend: KVMBackend {
    package let vcpus: KVMVCPUs<KVMX86_64Processor>
    let host: KVMX86_64Host
    /// The guest's time while no vCPU runs; nil before the first run.
    var heldTime: Time?
    /// The guest's time when the current run began.
    var releasedTime: Time?
    /// Whether KVM lets the guest's time be set.
    var canSetTime = true

    /// Makes the virtual machine and its vCPUs.
    ///
    /// - Parameters:
    ///   - machine: with its interrupts delivered from outside: by `interrupts`.
    ///   - takeInput: brings the guest what came from outside; called for one thread at a time.
    init(
        machine: Machine, interrupts: KVMInterrupts, takeInput: @escaping () -> Void
    ) throws(StartError) {
        let guest = KVMGuest(machine, takeInput: takeInput)
        let host = try KVMX86_64Host(vcpuCount: machine.vcpuCount, memory: machine.memory)
        self.host = host
        vcpus = try KVMVCPUs(
            host, guest: guest,
            processors: (0..<machine.vcpuCount).map { KVMX86_64Processor($0, guest: guest, host: host) },
            interrupts: interrupts, breakpoint: [BreakpointInstruction.opcode])
    }

    /// Long mode as the 64-bit boot protocol has it: paging on, memory mapped to itself, interrupts off.
    package func begin(_ boot: BootState) throws(KVMError) {
        (heldTime, releasedTime) = (nil, nil)
        try processors[0].withVCPU { (vcpu) throws(KVMError) in
            var system = try vcpu.systemRegisters()
            system.enterLongMode(
                tables: PCMemoryMap.pageTables.rawValue, code: PCMemoryMap.codeSelector,
                data: PCMemoryMap.dataSelector)
            system.gdt.base = PCMemoryMap.gdt.rawValue
            system.gdt.limit = PCMemoryMap.gdtLimit
            system.idt.limit = 0
            try vcpu.setSystemRegisters(system)
            var registers = X86Registers()
            registers.rip = boot.pc.rawValue
            registers.rsi = boot.rsi.rawValue
            registers.rsp = PCMemoryMap.stack.rawValue
            try vcpu.setRegisters(registers)
            // The first vCPU runs; the others wait for it (MP Initialization, SDM volume 3A, 9.4).
            try vcpu.setMPState(.runnable)
        }
    }

    package func makePlan(_ debug: GuestDebug) throws(TargetError) -> KVMDebugPlan<KVMX86_64DebugRegisters> {
        try KVMDebugPlan(debug, prefersPatches: prefersPatches) { physical($0) != nil }
    }

    /// SDM volume 3B, "Data Memory and I/O Breakpoint Exception Conditions": they are traps.
    package var watchpointsStopAfterAccess: Bool { true }

    // MARK: Time

    package func holdTime() {
        heldTime = nil
        guard canSetTime, let counter = try? processors[0].counter(), let clock = try? host.clock() else { return }
        heldTime = Time(counter: counter, clock: clock)
    }

    /// The counters of all vCPUs are moved by the same amount, so that they stay synchronized.
    package func releaseTime() {
        releasedTime = heldTime
        guard let heldTime else { return }
        self.heldTime = nil
        do throws(KVMError) {
            let offsets = try processors.map { (processor) throws(KVMError) in try processor.counterOffset() }
            let passed = try processors[0].counter() &- heldTime.counter
            for (processor, offset) in zip(processors, offsets) { try processor.setCounterOffset(offset &- passed) }
            try host.setClock(heldTime.clock)
        } catch {
            // On a host whose KVM cannot set them, time passes while the guest is held.
            canSetTime = false
            releasedTime = nil
        }
    }

    /// Counts a step as one slow instruction, unless the guest may have read a later time from its counter.
    package func holdTime(afterStepOf vcpu: Int) {
        guard let releasedTime, !processors[vcpu].hasReadTime, let frequency else { return holdTime() }
        heldTime = Time(
            counter: releasedTime.counter &+ frequency * Self.stepTime / 1_000_000,
            clock: releasedTime.clock &+ Self.stepTime)
    }

    // MARK: Memory

    package func memory(of vcpu: Int) -> (any AddressSpace)? {
        guard let paging = try? paging(vcpu: vcpu) else { return nil }
        return X86_64AddressSpace(guest.machine.memory, paging: paging, findsKernel: true)
    }
}

extension X86SystemRegisters {
    /// 64-bit mode at CPL 0, with paging on.
    mutating func enterLongMode(tables: UInt64, code: UInt16, data: UInt16) {
        // PE, MP, ET, NE, WP, AM and PG; PAE, OSFXSR and OSXMMEXCPT; LME and LMA.
        (cr0, cr3, cr4, efer) = (0x8005_0033, tables, 0x620, 0x500)
        cs = .flat(code, isCode: true)
        let segment = X86Segment.flat(data, isCode: false)
        (ds, es, fs, gs, ss) = (segment, segment, segment, segment, segment)
    }
}

extension X86Segment {
    /// All of the address space, 64-bit code or data (SDM volume 3A, 3.4.5).
    fileprivate static func flat(_ selector: UInt16, isCode: Bool) -> X86Segment {
        var segment = X86Segment()
        segment.limit = 0xffff_ffff
        segment.selector = selector
        segment.type = isCode ? 11 : 3
        (segment.present, segment.s, segment.g) = (1, 1, 1)
        (segment.l, segment.db) = isCode ? (1, 0) : (0, 1)
        return segment
    }
}
