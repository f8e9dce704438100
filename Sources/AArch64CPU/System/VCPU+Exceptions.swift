import AArch64

extension VCPU {
    /// Takes a synchronous exception the engine found; PC is the preferred return address.
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

    /// An instruction that this CPU does not have, or not here.
    func undefined() -> SystemOutcome {
        enterException(.undefined)
        return .branched
    }

    /// A Data Abort; CM marks cache maintenance and address translation.
    ///
    /// EA, whose meaning is the implementation's, stays zero: an external abort here is always an address where nothing
    /// answers.
    func abort(_ fault: MemoryFault, isWrite: Bool, isCacheMaintenance: Bool) -> SystemOutcome {
        enterException(
            .dataAbort(
                FaultStatus(code: fault.status), from: level, write: isWrite, cacheMaintenance: isCacheMaintenance),
            faultAddress: fault.virtualAddress)
        return .branched
    }

    /// An MSR, MRS or SYS that a control bit keeps from EL0.
    func trapSystemAccess(_ encoding: SystemRegisterEncoding, register: Int, isRead: Bool) -> SystemOutcome {
        enterException(
            .systemInstruction(
                encoding, register: UInt8(truncatingIfNeeded: register), direction: isRead ? .read : .write))
        return .branched
    }

    /// An access to FP or AdvSIMD that CPACR_EL1.FPEN refuses; for the engine's FP instructions too.
    package func trapFloatingPoint() -> SystemOutcome {
        enterException(.floatingPointAccess)
        return .branched
    }

    /// A WFI or WFE that SCTLR_EL1 keeps from EL0.
    func trapWait(_ instruction: ExceptionSyndrome.WaitInstruction) -> SystemOutcome {
        enterException(.wait(instruction))
        return .branched
    }

    /// SVC returns to the instruction behind it.
    func supervisorCall(_ immediate: UInt16) -> SystemOutcome {
        if isCaught(.synchronous, .svc(immediate), nil) { return .branched }
        pc &+= 4
        enterException(.svc(immediate))
        return .branched
    }

    /// BRK is the guest's own unless a debugger catches these; it returns to itself.
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

    /// Whether the exception is one the debugger catches; then the run comes back with it as soon as it can.
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
    /// One that is caught changes nothing.
    func enterException(
        _ kind: ExceptionEntry.Kind, syndrome: ExceptionSyndrome? = nil, faultAddress: UInt64? = nil
    ) {
        if isCaught(kind, syndrome, faultAddress) { return }
        if syndrome == .undefined { noteUndefined() }
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

    /// ERET at EL1; UNDEFINED at EL0.
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

    /// PSTATE.IL makes the next instruction take an Illegal Execution state exception, and is set only by ERET: so it is
    /// taken right away, unless fetching that instruction would fault, which comes first.
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

    /// PSTATE.EL in the architecture's terms.
    var level: ExceptionLevel {
        exceptionLevel == 0 ? .el0 : .el1
    }

    /// SCTLR_EL1.
    var control: SCTLR {
        SCTLR(rawValue: system.sctlr_el1)
    }
}
