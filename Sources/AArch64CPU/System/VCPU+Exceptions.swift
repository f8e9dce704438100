import AArch64

extension VCPU {
    /// Takes a synchronous exception that the run loop detected; PC is the preferred return address.
    package func take(_ exception: GuestException) {
        switch exception {
        case .undefined: enterException(.undefined)
        case .instructionAbort(let fault):
            enterException(
                .instructionAbort(FaultStatus(code: fault.status), from: level), faultAddress: fault.virtualAddress)
        case .dataAbort(let fault, let isWrite):
            _ = abort(fault, isWrite: isWrite, isCacheMaintenance: false)
        case .programCounterAlignment(let address): enterException(.pcAlignment, faultAddress: address)
        case .stackPointerAlignment: enterException(.spAlignment)
        case .floatingPointAccess: enterException(.floatingPointAccess)
        }
    }

    /// Takes the exception of an instruction that is UNDEFINED on this CPU or at this exception level.
    func undefined() -> SystemOutcome {
        enterException(.undefined)
        return .branched
    }

    /// Takes a Data Abort; `isCacheMaintenance` is ISS.CM, set for cache maintenance and address translation.
    ///
    /// ISS.EA, which is IMPLEMENTATION DEFINED, stays zero: every external abort is an access to an address without a
    /// device.
    func abort(_ fault: MemoryFault, isWrite: Bool, isCacheMaintenance: Bool) -> SystemOutcome {
        enterException(
            .dataAbort(
                FaultStatus(code: fault.status), from: level, write: isWrite, cacheMaintenance: isCacheMaintenance),
            faultAddress: fault.virtualAddress)
        return .branched
    }

    /// Takes the trap of an MSR, MRS or SYS that a control bit disables at EL0.
    func trapSystemAccess(_ encoding: SystemRegisterEncoding, register: Int, isRead: Bool) -> SystemOutcome {
        enterException(
            .systemInstruction(
                encoding, register: UInt8(truncatingIfNeeded: register), direction: isRead ? .read : .write))
        return .branched
    }

    /// Takes the trap of an FP or AdvSIMD access that CPACR_EL1.FPEN disables.
    package func trapFloatingPoint() -> SystemOutcome {
        enterException(.floatingPointAccess)
        return .branched
    }

    /// Takes the trap of a WFI or WFE that SCTLR_EL1 disables at EL0.
    func trapWait(_ instruction: ExceptionSyndrome.WaitInstruction) -> SystemOutcome {
        enterException(.wait(instruction))
        return .branched
    }

    /// Executes SVC, whose preferred return address is the next instruction.
    func supervisorCall(_ immediate: UInt16) -> SystemOutcome {
        if isCaught(.synchronous, .svc(immediate), nil) { return .branched }
        pc &+= 4
        enterException(.svc(immediate))
        return .branched
    }

    /// Executes BRK, whose preferred return address is the BRK itself; ends the run if the debugger catches BRK.
    func breakpointInstruction(_ comment: UInt16) -> SystemOutcome {
        if cluster.catches.contains(.brk, from: level) {
            lastCaught = CaughtException(.brk, from: level, syndrome: .brk(comment))
            return .exit(.guestBreakpoint(comment: comment))
        }
        enterException(.brk(comment))
        return .branched
    }

    /// Takes a synchronous exception to EL1.
    func enterException(_ syndrome: ExceptionSyndrome, faultAddress: UInt64? = nil) {
        enterException(.synchronous, syndrome: syndrome, faultAddress: faultAddress)
    }

    /// Whether the debugger catches the exception.
    ///
    /// If so, the run ends with it as soon as possible.
    func isCaught(_ kind: ExceptionEntry.Kind, _ syndrome: ExceptionSyndrome?, _ faultAddress: UInt64?) -> Bool {
        guard !cluster.catches.isEmpty, let exception = ExceptionCatches.Class(kind, syndrome),
            cluster.catches.contains(exception, from: level)
        else { return false }
        caught = CaughtException(exception, from: level, syndrome: syndrome, faultAddress: faultAddress)
        requestAttention()
        return true
    }

    /// Takes an exception to EL1; PC is the preferred return address.
    ///
    /// An exception that is caught changes nothing.
    func enterException(
        _ kind: ExceptionEntry.Kind, syndrome: ExceptionSyndrome? = nil, faultAddress: UInt64? = nil
    ) {
        if isCaught(kind, syndrome, faultAddress) { return }
        if syndrome == .undefined { recordUndefined() }
        let entry = ExceptionEntry.take(
            kind, from: PSTATE(rawValue: pstate), returnAddress: pc, syndrome: syndrome, faultAddress: faultAddress,
            context: .init(sctlr: control, vbar: system.vbar_el1, features: cluster.features))
        system.elr_el1 = entry.elr
        system.spsr_el1 = entry.spsr
        if let esr = entry.esr { system.esr_el1 = esr.rawValue }
        if let far = entry.far { system.far_el1 = far }
        pstate = entry.pstate.rawValue
        pc = entry.pc
    }

    /// Executes ERET at EL1; ERET is UNDEFINED at EL0.
    func exceptionReturn(to elr: UInt64) -> SystemOutcome {
        guard exceptionLevel > 0 else { return undefined() }
        let result = ExceptionReturn.perform(
            spsr: system.spsr_el1, elr: elr, from: PSTATE(rawValue: pstate),
            features: cluster.features)
        clearExclusive()
        system.eventRegister = true
        pstate = result.pstate.rawValue
        pc = canonicalAddress(result.pc, isFetch: true)
        lastReturn = time &+ 1
        if result.pstate.il {
            takeIllegalState()
        } else if hasDeliverableInterrupt {
            requestAttention()
        }
        return .branched
    }

    /// Takes the Illegal Execution state exception that PSTATE.IL causes for the next instruction.
    ///
    /// Only ERET sets PSTATE.IL, so the exception is taken at once, unless the fetch of that instruction faults, which
    /// has priority.
    ///
    /// Arm ARM, "Prioritization of synchronous exceptions": PC alignment, Instruction Abort, Illegal Execution state.
    private func takeIllegalState() {
        guard pc & 3 == 0 else { return take(.programCounterAlignment(pc)) }
        do throws(MemoryFault) {
            _ = try translate(pc, MemoryAccess(.fetch, isUnprivileged: exceptionLevel == 0))
            enterException(.illegalState)
        } catch {
            take(.instructionAbort(error))
        }
    }

    /// The current exception level as the architecture's type.
    var level: ExceptionLevel {
        exceptionLevel == 0 ? .el0 : .el1
    }

    /// SCTLR_EL1 as the architecture's type.
    var control: SCTLR {
        SCTLR(rawValue: system.sctlr_el1)
    }
}
