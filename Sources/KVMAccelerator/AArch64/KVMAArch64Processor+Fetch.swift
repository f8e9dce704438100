import AArch64
import Acceleration
import Execution
import GuestAddresses
import GuestMemory
import KVM
import Machine

// Breakpoints whose instruction can't be fetched. The processor takes the fault of the fetch before the exception of a
// breakpoint register (Arm ARM, "Prioritization of synchronous exceptions"), and KVM cannot intercept that fault. So
// the vCPU is stopped at the fault's vector, with ELR_EL1 at the breakpoint, and returned to the breakpoint. ELR_EL1,
// SPSR_EL1, ESR_EL1 and FAR_EL1 keep the fault's values; a kernel needs their old values only within its exception
// handlers.
extension KVMAArch64Processor {
    /// The breakpoints whose instruction EL1 cannot fetch now, and the vectors at which it would take the fault.
    struct UnfetchableBreakpoints {
        var addresses: Set<UInt64> = []
        var vectors: [UInt64] = []
        /// The PC at which the run began: a vCPU that a step has led to a vector has passed the breakpoint already.
        var start: UInt64 = 0
    }

    /// Finds the breakpoints that EL1 cannot fetch from, by the translation in effect now.
    ///
    /// Breakpoints at EL0 are left out, because the vector of their fault is that of every system call.
    func findUnfetchable() throws(KVMError) -> UnfetchableBreakpoints {
        let breakpoints = debug.debug.softwareBreakpoints.union(debug.debug.hardwareBreakpoints)
        guard !breakpoints.isEmpty else { return UnfetchableBreakpoints() }
        let space = try addressSpace()
        let unfetchable = breakpoints.filter { !space.canFetch(VirtualAddress($0)) }
        guard !unfetchable.isEmpty else { return UnfetchableBreakpoints() }
        let vbar = try system(.vbar)
        var state = try pstate()
        state.isAArch32 = false
        state.el = .el1
        let vectors = [true, false].map { isHandlerStack in
            state.sp = isHandlerStack
            return ExceptionEntry.vector(.synchronous, from: state, vbar: vbar)
        }
        return UnfetchableBreakpoints(addresses: unfetchable, vectors: vectors.filter { !breakpoints.contains($0) })
    }

    /// The guest debug of a free run, with the vectors in breakpoint registers that are free, the vector for the
    /// handlers' own stack pointer first.
    func freeRunWithVectors() throws(KVMError) -> ArmGuestDebug {
        unfetchable = try findUnfetchable()
        var wanted = debug.freeRun
        let free = debugRegisters.breakpoints - wanted.breakpoints.count
        unfetchable.vectors = Array(unfetchable.vectors.prefix(max(0, free)))
        guard !unfetchable.vectors.isEmpty else { return wanted }
        unfetchable.start = try read(KVMRegisterID.pc)
        wanted.control.formUnion([.enable, .hardware])
        for vector in unfetchable.vectors {
            if let pair = try? DebugRegisterEncoding.breakpoint(at: vector) {
                wanted.breakpoints.append((pair.value, pair.control))
            }
        }
        return wanted
    }

    /// Returns a vCPU from a vector to the breakpoint that it could not fetch from; false if it is at the vector for
    /// another reason.
    func returnToUnfetchable(from vector: UInt64) throws(KVMError) -> Bool {
        guard vector != unfetchable.start else { return false }
        switch ExceptionSyndrome(rawValue: try system(.esr)).exceptionClass {
        case .instructionAbortSameEL, .pcAlignment: break
        default: return false
        }
        let place = try read(KVMRegisterID.elrEL1)
        guard unfetchable.addresses.contains(place), try !isBound(elsewhere: place) else { return false }
        try write(KVMRegisterID.pstate, try read(KVMRegisterID.spsrEL1))
        try write(KVMRegisterID.pc, place)
        return true
    }
}

extension AArch64AddressSpace {
    /// Whether EL1 can fetch an instruction from the address.
    fileprivate func canFetch(_ address: VirtualAddress) -> Bool {
        guard address.isAligned(to: 4), let regime else { return false }
        let access = MemoryAccess(.fetch, isPrivileged: true)
        guard let translation = try? regime.translate(address, access: access, read: { descriptor(at: $0) }) else {
            return false
        }
        return memory.region(at: translation.physicalAddress)?.isDirect ?? false
    }
}
