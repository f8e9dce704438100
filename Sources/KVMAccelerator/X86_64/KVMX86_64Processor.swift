import Acceleration
package import Execution
package import GuestAddresses
import GuestMemory
package import KVM
import Machine
import X86_64

/// A vCPU of an x86-64 host's.
package final class KVMX86_64Processor: KVMProcessor, @unchecked Sendable {
    // SAFETY: the worker's thread has all state while an order is under way, and the owner otherwise, as in the core.
    package let core: KVMProcessorCore<KVMX86_64DebugRegisters>
    let physicalAddressBits: Int
    /// Whether KVM holds interrupts off in a step, outside the guest's state; else RFLAGS.IF does.
    var blocksInterrupts: Bool

    /// Whether the last step may have read the time-stamp counter.
    var hasReadTime = true

    /// The argument of the last KVM_SET_GUEST_DEBUG; nil if the next one must not be left out.
    private var lastGuestDebug: X86GuestDebug?

    init(_ index: Int, guest: KVMGuest, host: KVMX86_64Host) {
        core = KVMProcessorCore(index, guest: guest)
        physicalAddressBits = host.physicalAddressBits
        blocksInterrupts = host.blocksInterrupts
    }

    package func forget() { lastGuestDebug = nil }

    package func programCounter() throws(KVMError) -> UInt64 { try registers().rip }

    package func enableStopPoints() throws(KVMError) { try setGuestDebug(debug.freeRun) }

    /// INIT makes a vCPU wait for SIPI: it is off until another one starts it.
    package var isOff: Bool {
        switch try? withVCPU({ (vcpu) throws(KVMError) in try vcpu.mpState() }) {
        case .uninitialized, .initReceived: true
        default: false
        }
    }

    package var isAfterWait: Bool {
        guard wasInterrupted else { return false }
        let state = try? withVCPU { (vcpu) throws(KVMError) in try vcpu.mpState() }
        return state == .halted
    }

    package func isAtPatch(_ patched: Set<PhysicalAddress>) -> Bool {
        (try? addressSpace().translate(VirtualAddress(programCounter()))).map { patched.contains($0.physical) } ?? false
    }

    package func step(_ reportedStops: ReportedStops) throws(KVMError) -> VCPUReport { try stepOnce(reportedStops) }

    // MARK: Exits

    package func handle(_ exit: KVMExit) throws(KVMError) -> VCPUReport? {
        switch exit {
        case .debugTrap(let vector, let pc, let dr6, _): return try debugTrap(vector, pc: pc, DebugStatus(dr6: dr6))
        default: return try serve(exit)
        }
    }

    /// Handles an exit that is unrelated to debugging; nil if the guest may continue.
    func serve(_ exit: KVMExit) throws(KVMError) -> VCPUReport? {
        switch exit {
        case .interrupted: break
        case .portRead(let port, let size, let count):
            for position in 0..<count {
                // Where nothing answers, the bus has all ones.
                let value = machine.readPort(port, size: size, vcpu: index) ?? ~0
                withVCPU { $0.completePortRead(position, size: size, value) }
            }
        case .portWrite(let port, let size, let count):
            for position in 0..<count {
                let value = withVCPU { $0.portValue(position, size: size) }
                machine.writePort(port, size: size, value: value, vcpu: index)
            }
            return try powerReport()
        case .deviceRead(let address, let size):
            let value = machine.read(PhysicalAddress(address), size: size, vcpu: index) ?? ~0
            withVCPU { $0.completeRead(value) }
        case .deviceWrite(let address, let size, let value):
            _ = machine.write(PhysicalAddress(address), size: size, value: value, vcpu: index)
        case .tripleFault, .resetRequested: return .resetRequested
        case .poweredOff: return .poweredOff
        case .crashed: return .failed("vCPU \(index): the guest reports a crash")
        case .failed(let text): return .failed("vCPU \(index): \(text)")
        case .halted, .debug, .debugTrap, .undescribedAccess:
            return .failed("vCPU \(index): KVM reports \(exit), which x86-64 does not have")
        }
        return nil
    }

    /// The report for a port write that ends the machine's run; the write is completed first.
    private func powerReport() throws(KVMError) -> VCPUReport? {
        guard let request = machine.takePowerRequest() else { return nil }
        withVCPU { $0.complete() }
        return request == .off ? .poweredOff : .resetRequested
    }

    // MARK: Debug exceptions of a vCPU that runs freely

    /// #BP or #DB, by the contents of DR6 and DR7 (SDM volume 3B, 18.2.3 and 18.2.4).
    package static func debugReason(_ exit: KVMExit) -> KVMExitCounter.Reason {
        guard case .debugTrap(let vector, _, let dr6, let dr7) = exit else { return .debug }
        if vector == ExceptionVector.breakpoint { return .breakpoint }
        let slot = (dr6 & 0xf).trailingZeroBitCount
        guard slot < DebugRegisters.count else { return dr6 & 1 << 14 != 0 ? .step : .debug }
        return dr7 >> UInt64(16 + 4 * slot) & 3 == 0 ? .breakpoint : .watchpoint
    }

    private func debugTrap(_ vector: UInt8, pc: UInt64, _ status: DebugStatus) throws(KVMError) -> VCPUReport? {
        if vector == ExceptionVector.breakpoint {
            let isPatched = isAtPatch(debug.patchedMemory)
            if isPatched { return debug.patched.contains(pc) ? .breakpoint : .mustPassPatch }
            if debug.debug.catches.contains(.int3) { return .caughtException }
            return try passOwnBreakpoint()
        }
        if let report = report(status, pc: pc) { return report }
        // The guest's own: it steps, or watches its debug registers. While a debugger has the registers, they are not
        // its.
        try injectDebug(status)
        return nil
    }

    /// The debugger's stop point that DR6 reports; nil if it was the guest's own.
    func report(_ status: DebugStatus, pc: UInt64) -> VCPUReport? {
        let registers = debug.registers
        // A watchpoint has done its access, and is not met again; a breakpoint at the same time will be.
        if let hit = registers.watchpoint(status) {
            return .watchpoint(debug.debug.watchpoints[hit.index].kind, address: hit.address)
        }
        return status.hits(registers.registers).isEmpty || !debug.placed.contains(pc) ? nil : .breakpoint
    }

    /// Has the guest take an exception of its own.
    func inject(_ exception: X86GuestDebug.Control) throws(KVMError) {
        var wanted = lastGuestDebug ?? X86GuestDebug()
        wanted.control.insert(exception)
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.setGuestDebug(wanted) }
        // The next call must not repeat it.
        lastGuestDebug = nil
        try enableStopPoints()
    }

    func injectDebug(_ status: DebugStatus) throws(KVMError) {
        var own = try withVCPU { (vcpu) throws(KVMError) in try vcpu.debugRegisters() }
        own.dr6 |= status.apartFromSlots
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.setDebugRegisters(own) }
        try inject(.injectDebug)
    }

    // MARK: State

    /// KVM_SET_GUEST_DEBUG, left out if it would change nothing.
    func setGuestDebug(_ wanted: X86GuestDebug) throws(KVMError) {
        // A step is set each time: KVM notes RIP with it.
        guard wanted != lastGuestDebug || wanted.control.contains(.singleStep) else { return }
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.setGuestDebug(wanted) }
        lastGuestDebug = wanted
    }

    func registers() throws(KVMError) -> X86Registers {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.registers() }
    }

    func systemRegisters() throws(KVMError) -> X86SystemRegisters {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.systemRegisters() }
    }

    func msr(_ register: SystemRegister) throws(KVMError) -> UInt64 {
        guard let number = register.msr else { return 0 }
        return try withVCPU { (vcpu) throws(KVMError) in try vcpu.msr(number) }
    }

    func paging(_ system: X86SystemRegisters) -> Paging {
        Paging(
            PagingRegisters(
                cr0: system.cr0, cr3: system.cr3, cr4: system.cr4, efer: system.efer,
                physicalAddressBits: physicalAddressBits))
    }

    /// Guest memory by linear address, as this vCPU sees it now.
    func addressSpace() throws(KVMError) -> X86_64AddressSpace {
        X86_64AddressSpace(
            machine.machine.memory, paging: X86Paging(paging: paging(try systemRegisters()), lstar: 0))
    }
}

extension X86SystemRegisters {
    var isLongMode: Bool { efer & 1 << 10 != 0 }

    /// How instructions are decoded.
    var codeSize: CodeSize { CodeSize(longMode: isLongMode, l: cs.l != 0, d: cs.db != 0) }

    /// The base that is added to RIP for a linear address: 0 in 64-bit code.
    var codeBase: UInt64 { codeSize == .bits64 ? 0 : cs.base }

    /// The current privilege level: SS's DPL, which is right in every mode.
    var privilegeLevel: Int { Int(ss.dpl & 3) }
}
