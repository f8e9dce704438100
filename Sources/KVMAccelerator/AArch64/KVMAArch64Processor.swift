import ByteOrder
import AArch64
import Acceleration
package import Execution
package import GuestAddresses
import GuestMemory
package import KVM
import Machine

/// A vCPU of an AArch64 host.
package final class KVMAArch64Processor: KVMProcessor, @unchecked Sendable {
    // SAFETY: the worker's thread uses the state while it executes an order, and the owner uses it otherwise, as in the
    // core.
    package let core: KVMProcessorCore<KVMAArch64DebugRegisters>

    // The features of the host's processors, set before the first run and constant from then on.
    var features: ArchitectureFeatures = []
    var physicalAddressBits = 40
    var debugRegisters = DebugRegisterCounts(breakpoints: 0, watchpoints: 0)

    /// The argument of the last KVM_SET_GUEST_DEBUG; nil before the first.
    private var lastGuestDebug: ArmGuestDebug?
    /// The last recorded value of TTBR1_EL1 with a kernel's table.
    private(set) var kernelTable: UInt64?
    private var deviceExits = 0
    /// The last caught exception of the guest.
    var caught: CaughtException?

    /// Whether the last step may have read a timer register.
    var hasReadTimers = false
    /// The breakpoints whose instruction could not be fetched when the current run began.
    var unfetchable = UnfetchableBreakpoints()

    init(_ index: Int, guest: KVMGuest) {
        core = KVMProcessorCore(index, guest: guest)
    }

    package func forget() {
        unfetchable = UnfetchableBreakpoints()
        lastGuestDebug = nil
        caught = nil
        kernelTable = nil
    }

    package func programCounter() throws(KVMError) -> UInt64 { try read(KVMRegisterID.pc) }

    package func enableStopPoints() throws(KVMError) { try setGuestDebug(try freeRunWithVectors()) }

    package func handle(_ exit: KVMExit) throws(KVMError) -> VCPUReport? {
        if case .debug(let syndrome, let faultAddress) = exit { return try debugExit(syndrome, faultAddress) }
        return try serve(exit)
    }

    package func step(_ reportedStops: ReportedStops) throws(KVMError) -> VCPUReport { try stepWhole(reportedStops) }

    package func isAtPatch(_ patched: Set<PhysicalAddress>) -> Bool {
        (try? addressSpace().translate(VirtualAddress(programCounter()))).map { patched.contains($0.physical) } ?? false
    }

    /// Handles an exit that is unrelated to debugging; nil if the guest may continue.
    func serve(_ exit: KVMExit) throws(KVMError) -> VCPUReport? {
        switch exit {
        case .interrupted, .debug: break
        case .deviceRead(let address, let size):
            recordKernelTableAtTimes()
            guard let value = machine.read(PhysicalAddress(address), size: size, vcpu: index) else {
                try abortAccess(write: false)
                break
            }
            withVCPU { $0.completeRead(value) }
        case .deviceWrite(let address, let size, let value):
            recordKernelTableAtTimes()
            if !machine.write(PhysicalAddress(address), size: size, value: value, vcpu: index) {
                try abortAccess(write: true)
            }
        case .undescribedAccess(let isWrite):
            try takeExternalAbort(at: try read(KVMRegisterID.pc), write: isWrite)
        case .poweredOff: return .poweredOff
        case .resetRequested: return .resetRequested
        case .crashed: return .failed("the guest's firmware reports a crash")
        case .failed(let text): return .failed("vCPU \(index): \(text)")
        case .portRead, .portWrite, .debugTrap, .halted, .tripleFault:
            return .failed("vCPU \(index): KVM reports \(exit), which AArch64 does not have")
        }
        return nil
    }

    /// Records the kernel's table at the first device access and at one in many later ones, because most device
    /// accesses are the kernel's.
    private func recordKernelTableAtTimes() {
        if deviceExits & 0xFF == 0 || kernelTable == nil { recordKernelTable() }
        deviceExits &+= 1
    }

    /// Records TTBR1_EL1 if it holds a kernel's own table.
    package func recordKernelTable() {
        guard let value = try? system(.ttbr1), let control = try? system(.sctlr), SCTLR(rawValue: control).m,
            KernelTableSearch.isKernels(value)
        else { return }
        kernelTable = value
    }

    /// Calls KVM_SET_GUEST_DEBUG, unless it would change nothing.
    func setGuestDebug(_ wanted: ArmGuestDebug) throws(KVMError) {
        guard wanted != lastGuestDebug else { return }
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.setGuestDebug(wanted) }
        lastGuestDebug = wanted
    }

    // MARK: Registers

    func read(_ id: UInt64) throws(KVMError) -> UInt64 {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.read(id) }
    }

    func write(_ id: UInt64, _ value: UInt64) throws(KVMError) {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.write(id, value) }
    }

    func readBytes(_ id: UInt64) throws(KVMError) -> [UInt8] {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.readBytes(id) }
    }

    func writeBytes(_ id: UInt64, _ bytes: [UInt8]) throws(KVMError) {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.writeBytes(id, bytes) }
    }

    /// The vector lengths of a vCPU with SVE; nil without SVE.
    func vectorLengths() throws(KVMError) -> VectorLengths? {
        let bytes = try readBytes(KVMRegisterID.vectorLengths)
        return VectorLengths(rawValue: UInt16(littleEndianBytes: bytes))
    }

    func pstate() throws(KVMError) -> PSTATE { PSTATE(rawValue: try read(KVMRegisterID.pstate)) }

    func system(_ encoding: SystemRegisterEncoding) throws(KVMError) -> UInt64 {
        guard let id = KVMRegisterID.systemRegister(encoding) else { return 0 }
        return try read(id)
    }

    /// Whether the vCPU is off: before PSCI's CPU_ON, or since CPU_OFF.
    package var isOff: Bool {
        do throws(KVMError) {
            return try withVCPU { (vcpu) throws(KVMError) in try vcpu.isStopped() }
        } catch {
            return false
        }
    }

    /// Whether the vCPU was asleep in WFI when it was made to stop.
    ///
    /// KVM doesn't report this. It ends the sleep after the instruction, so this checks the instruction before PC.
    package var isAfterWait: Bool {
        guard wasInterrupted, let pc = try? read(KVMRegisterID.pc), let space = try? addressSpace(),
            let word = instruction(at: pc &- 4, in: space)
        else { return false }
        return StepClass(word) == .waits
    }
}
