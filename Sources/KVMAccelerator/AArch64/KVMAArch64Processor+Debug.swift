import ByteOrder
import AArch64
import Acceleration
import Execution
import GuestAddresses
import GuestMemory
package import KVM
import Machine
import NumberText

// The debug exceptions of a freely running vCPU. While the debugger uses any, KVM routes all of them here, the guest's
// own too (MDCR_EL2.TDE; Arm ARM, D2.3 "Routing debug exceptions").
extension KVMAArch64Processor {
    package static func debugReason(_ exit: KVMExit) -> KVMExitCounter.Reason {
        guard case .debug(let syndrome, _) = exit else { return .debug }
        return switch ExceptionSyndrome(rawValue: UInt64(syndrome)).exceptionClass {
        case .breakpointLowerEL, .breakpointSameEL, .brk64, .bkpt32: .breakpoint
        case .watchpointLowerEL, .watchpointSameEL: .watchpoint
        case .softwareStepLowerEL, .softwareStepSameEL: .step
        default: .debug
        }
    }

    /// Handles KVM_EXIT_DEBUG; nil if the guest may continue.
    func debugExit(_ syndrome: UInt32, _ faultAddress: UInt64) throws(KVMError) -> VCPUReport? {
        let syndrome = ExceptionSyndrome(rawValue: UInt64(syndrome))
        switch syndrome.exceptionClass {
        case .breakpointLowerEL, .breakpointSameEL:
            let pc = try read(KVMRegisterID.pc)
            if unfetchable.vectors.contains(pc) {
                return try returnToUnfetchable(from: pc) ? .breakpoint : try passRegister()
            }
            guard debug.placed.contains(pc) else { break }
            if try isBound(elsewhere: pc) { return try passRegister() }
            return .breakpoint
        case .watchpointLowerEL, .watchpointSameEL:
            if let report = watchpointReport(syndrome, faultAddress) { return report }
        case .brk64:
            let pc = try read(KVMRegisterID.pc)
            if debug.patched.contains(pc), try isPatched(pc) {
                return try isBound(elsewhere: pc) ? .mustPassPatch : .breakpoint
            }
            // A patched instruction, reached through another virtual address of the same memory.
            if try isPatched(pc) { return .mustPassPatch }
            if isCaught(syndrome, from: try pstate().el) { return .caughtException }
        case .softwareStepLowerEL, .softwareStepSameEL, .bkpt32, .vectorCatch32: break
        default:
            return .failed(
                "vCPU \(index): KVM reports a debug exception with syndrome \(hexadecimal(syndrome.rawValue))")
        }
        try deliver(syndrome, faultAddress: faultAddress)
        return nil
    }

    /// Whether the guest's own BRK must stop the vCPU; the exception is recorded.
    func isCaught(_ syndrome: ExceptionSyndrome, from level: ExceptionLevel) -> Bool {
        guard debug.debug.exceptionCatches.contains(.brk, from: level) else { return false }
        caught = CaughtException(.brk, from: level, syndrome: syndrome)
        return true
    }

    /// The debugger's watchpoint that an access hit; nil if it was the guest's own.
    func watchpointReport(_ syndrome: ExceptionSyndrome, _ faultAddress: UInt64) -> VCPUReport? {
        guard let hit = WatchedRange.nearest(to: faultAddress, write: syndrome.isWrite, in: debug.registers.watched)
        else {
            return nil
        }
        return .watchpoint(debug.debug.watchpoints[hit.index].kind, address: hit.address)
    }

    /// Whether the breakpoint at an address is bound to another address space.
    func isBound(elsewhere pc: UInt64) throws(KVMError) -> Bool {
        guard let binding = debug.debug.binding(at: pc) else { return false }
        let tcr = TCR(rawValue: try system(.tcr))
        return !binding.matches(ttbr0: try system(.ttbr0), ttbr1: try system(.ttbr1), tcr: tcr)
    }

    /// Executes the instruction at a breakpoint register's address, with the other vCPUs' registers unchanged.
    private func passRegister() throws(KVMError) -> VCPUReport? {
        let report = try step(.breakpoint)
        guard report == .stepped else { return report }
        try enableStopPoints()
        // The step has consumed a kick that was meant for the run.
        withVCPU { $0.setImmediateExit(mustStop) }
        return nil
    }

    private func isPatched(_ pc: UInt64) throws(KVMError) -> Bool {
        guard !debug.patchedMemory.isEmpty else { return false }
        guard let physical = try? addressSpace().translate(VirtualAddress(pc)).physical else { return false }
        return debug.patchedMemory.contains(physical)
    }

    // MARK: The guest's own

    /// Has the guest take an exception exactly as its processor would have.
    func deliver(_ syndrome: ExceptionSyndrome, faultAddress: UInt64 = 0) throws(KVMError) {
        let state = try pstate()
        let (own, setsFAR) = syndrome.debugExceptionTakenToEL1(from: state.el)
        try take(
            own, from: state, returnAddress: try read(KVMRegisterID.pc), faultAddress: setsFAR ? faultAddress : nil)
    }

    /// Takes a synchronous external abort for an access to an address without memory or device, at its instruction.
    ///
    /// The virtual address is unknown here.
    func takeExternalAbort(at pc: UInt64, write isWrite: Bool) throws(KVMError) {
        let state = try pstate()
        let syndrome = ExceptionSyndrome.dataAbort(.externalAbort, from: state.el, write: isWrite, farNotValid: true)
        try take(syndrome, from: state, returnAddress: pc, faultAddress: nil)
    }

    /// Ends the last device access with an external abort instead of a value.
    ///
    /// KVM completes the access first, because its pending half would come back otherwise; the changed register is
    /// restored.
    func abortAccess(write isWrite: Bool) throws(KVMError) {
        let pc = try read(KVMRegisterID.pc)
        var registers: [UInt64] = []
        for number in 0..<31 { registers.append(try read(KVMRegisterID.x(number))) }
        withVCPU { $0.complete() }
        for number in 0..<31 { try write(KVMRegisterID.x(number), registers[number]) }
        try takeExternalAbort(at: pc, write: isWrite)
    }

    /// Takes an exception.
    ///
    /// All reads come first, so that a failure leaves the guest unchanged.
    private func take(
        _ syndrome: ExceptionSyndrome, from state: PSTATE, returnAddress: UInt64, faultAddress: UInt64?
    ) throws(KVMError) {
        let context = ExceptionEntry.Context(
            sctlr: SCTLR(rawValue: try system(.sctlr)), vbar: try system(.vbar), features: features)
        let entry = ExceptionEntry.take(
            .synchronous, from: state, returnAddress: returnAddress, syndrome: syndrome, faultAddress: faultAddress,
            context: context)
        try write(KVMRegisterID.elrEL1, entry.elr)
        try write(KVMRegisterID.spsrEL1, entry.spsr)
        if let esr = entry.esr { try writeSystem(.esr, esr.rawValue) }
        if let far = entry.far { try writeSystem(.far, far) }
        try write(KVMRegisterID.pc, entry.pc)
        try write(KVMRegisterID.pstate, entry.pstate.rawValue)
    }

    private func writeSystem(_ encoding: SystemRegisterEncoding, _ value: UInt64) throws(KVMError) {
        guard let id = KVMRegisterID.systemRegister(encoding) else { return }
        try write(id, value)
    }

    // MARK: Memory

    /// Guest memory by virtual address, as this vCPU sees it now.
    func addressSpace() throws(KVMError) -> AArch64AddressSpace {
        let registers = try TranslationRegisters(
            features: features, physicalAddressBits: physicalAddressBits
        ) { (encoding) throws(KVMError) in try system(encoding) }
        return AArch64AddressSpace(memory: machine.machine.memory, regime: registers.regime)
    }

    /// The A64 instruction at an address; nil if it can't be read.
    func instruction(at pc: UInt64, in space: AArch64AddressSpace) -> UInt32? {
        guard let bytes = try? space.read(VirtualAddress(pc), count: 4), bytes.count == 4 else { return nil }
        return UInt32(littleEndianBytes: bytes)
    }
}
