import AArch64
import Acceleration
import Execution
import KVM

// One instruction of the interrupted program. KVM arm64 can't hold off interrupts itself (KVM_GUESTDBG_BLOCKIRQ is
// x86's), so PSTATE.I and F are set for the step. The instruction is decoded first, and its effect on the masks is
// corrected afterwards, so that the guest never sees them.
extension KVMAArch64Processor {
    /// Executes one instruction, even if it has a breakpoint.
    ///
    /// Stops already reported do not stop it again. A step from an exclusive load ends after its store, and a store
    /// that failed because of the debugger is tried again.
    func stepWhole(_ reportedStops: ReportedStops) throws(KVMError) -> VCPUReport {
        let pc = try read(KVMRegisterID.pc)
        let word = try instruction(at: pc, in: addressSpace())
        let report = try stepOnce(reportedStops)
        guard reportedStops.contains(.watchpoint), report == .stepped, let word,
            ExclusiveSequence.isStoreExclusive(word)
        else {
            return report
        }
        return try retryStore(word, at: pc)
    }

    /// Runs the loop of a store-exclusive once more, until after the store, with the watchpoint disabled.
    ///
    /// The watchpoint stopped before the store and the exit cleared the monitor: the store can only fail, and the loop
    /// would reach the same watchpoint forever.
    private func retryStore(_ word: UInt32, at pc: UInt64) throws(KVMError) -> VCPUReport {
        let number = ExclusiveSequence.statusRegister(word)
        // The status goes to WZR, so the program does not check whether the store failed.
        guard number < 31 else { return .stepped }
        let status = KVMRegisterID.x(number)
        for _ in 0..<Self.maximumRetrySteps {
            if try read(KVMRegisterID.pc) == pc &+ 4, try read(status) & 1 == 0 { break }
            let report = try stepOnce(.watchpoint)
            guard report == .stepped else { return report }
        }
        return .stepped
    }

    /// The longest round of a loop around a store-exclusive, in steps.
    private static let maximumRetrySteps = 100

    private func stepOnce(_ reportedStops: ReportedStops) throws(KVMError) -> VCPUReport {
        var own = try pstate()
        let pc = try read(KVMRegisterID.pc)
        let space = try addressSpace()
        // AArch32 instructions need no special handling here.
        let word = own.isAArch32 ? nil : instruction(at: pc, in: space)
        let kind = word.map { StepClass($0) } ?? .plain
        hasReadTimers = word.map(isTimerRead) ?? true
        switch kind {
        case .waits:
            // WFI could sleep forever with interrupts held off; ending it at once is always allowed (Arm ARM, "Wait For
            // Interrupt").
            own.btype = 0
            try write(KVMRegisterID.pc, pc &+ 4)
            try write(KVMRegisterID.pstate, own.rawValue)
            return .stepped
        case .exceptionGenerating(.brk):
            let syndrome = ExceptionSyndrome.brk(UInt16(truncatingIfNeeded: (word ?? 0) >> 5))
            if !reportedStops.contains(.caughtException), isCaught(syndrome, from: own.el) { return .caughtException }
            try deliver(syndrome)
            return .stepped
        case .exclusiveLoad where holdsInterrupts:
            if let report = try stepSequence(pc, own, space, reportedStops) { return report }
        default: break
        }
        let before = Saved(elr: try read(KVMRegisterID.elrEL1), spsr: try read(KVMRegisterID.spsrEL1))
        try mask(own)
        try setGuestDebug(debug.step(ignoringWatchpoints: reportedStops.contains(.watchpoint)))
        while true {
            let exit = enterGuest()
            switch exit {
            case .interrupted:
                withVCPU { $0.setImmediateExit(false) }
                // The step was CPU_OFF: the vCPU is off until CPU_ON, which gives it a new PSTATE.
                if isOff { return .stepped }
            case .debug(let syndrome, let faultAddress):
                if let report = try endOfStep(syndrome, faultAddress, pc: pc, own: own) { return report }
                try putRight(kind, pc: pc, own: own, before: before)
                return .stepped
            case .deviceRead, .deviceWrite, .undescribedAccess:
                if let report = try serve(exit) { return report }
                // Completes the access and the instruction with it. KVM before 6.1 would execute another one, and later
                // ones remember the end of this step: turning debugging off makes them forget.
                withVCPU { $0.complete() }
                try setGuestDebug(ArmGuestDebug())
                try putRight(kind, pc: pc, own: own, before: before)
                return .stepped
            case .poweredOff, .resetRequested, .crashed, .failed, .portRead, .portWrite, .debugTrap, .halted,
                .tripleFault:
                if let report = try serve(exit) { return report }
            }
        }
    }

    /// Whether an instruction is an MRS of one of the generic timer's registers: op0 3, CRn 14.
    private func isTimerRead(_ word: UInt32) -> Bool { word & 0xFFF8_F000 == 0xD538_E000 }

    /// The values of ELR_EL1 and SPSR_EL1 before the step.
    private struct Saved {
        var elr: UInt64
        var spsr: UInt64
    }

    /// Whether interrupts are held off in steps.
    ///
    /// Otherwise a step may execute the first instruction of a handler.
    private var holdsInterrupts: Bool { debug.debug.interrupts != .never }

    private func mask(_ own: PSTATE) throws(KVMError) {
        guard holdsInterrupts else { return }
        var masked = own
        masked.daif |= 0b0011
        if masked != own { try write(KVMRegisterID.pstate, masked.rawValue) }
    }

    /// The report for a debug exception in a step; nil if the instruction has completed.
    private func endOfStep(
        _ syndrome: UInt32, _ faultAddress: UInt64, pc: UInt64, own: PSTATE
    ) throws(KVMError) -> VCPUReport? {
        let syndrome = ExceptionSyndrome(rawValue: UInt64(syndrome))
        if syndrome.exceptionClass == .softwareStepLowerEL { return nil }
        // The instruction was not executed.
        if holdsInterrupts { try write(KVMRegisterID.pstate, own.rawValue) }
        if syndrome.exceptionClass == .watchpointLowerEL, let report = watchpointReport(syndrome, faultAddress) {
            return report
        }
        // The guest's own debug exception: taking it is the step.
        try deliver(syndrome, faultAddress: faultAddress)
        return .stepped
    }

    // MARK: Afterwards

    /// Corrects the guest's state to what it would be without the masks.
    private func putRight(_ kind: StepClass, pc: UInt64, own: PSTATE, before: Saved) throws(KVMError) {
        guard holdsInterrupts else { return }
        var after = StepFixUp.State(
            pc: try read(KVMRegisterID.pc), pstate: try pstate(), elr: try read(KVMRegisterID.elrEL1),
            spsr: try read(KVMRegisterID.spsrEL1), vbar: try system(.vbar))
        if kind.mayUnmask, tookInterrupt(after) {
            // The instruction unmasked interrupts, and one was taken before the step ended. It is still pending: undone
            // here, it is taken when the guest continues.
            after = StepFixUp.State(
                pc: after.elr, pstate: PSTATE(rawValue: after.spsr), elr: before.elr, spsr: before.spsr,
                vbar: after.vbar)
            try write(KVMRegisterID.pc, after.pc)
            try write(KVMRegisterID.pstate, after.pstate.rawValue)
            try write(KVMRegisterID.elrEL1, after.elr)
            try write(KVMRegisterID.spsrEL1, after.spsr)
        }
        let fixUp = StepFixUp.after(kind, pc: pc, own: own, state: after)
        if let register = fixUp.register { try write(KVMRegisterID.x(Int(register)), fixUp.registerValue) }
        if let spsr = fixUp.spsr { try write(KVMRegisterID.spsrEL1, spsr) }
        if let pstate = fixUp.pstate { try write(KVMRegisterID.pstate, pstate.rawValue) }
    }

    /// Whether the vCPU is at the vector of an interrupt that was taken from the state in SPSR_EL1.
    private func tookInterrupt(_ after: StepFixUp.State) -> Bool {
        let old = PSTATE(rawValue: after.spsr)
        return [ExceptionEntry.Kind.irq, .fiq].contains {
            after.pc == ExceptionEntry.vector($0, from: old, vbar: after.vbar)
        }
    }

    // MARK: Exclusives

    /// Runs from a load-exclusive to one of the sequence's exits, or to the vector of an exception in it.
    ///
    /// Returns nil if the exits can't be determined or there are too few breakpoint registers.
    private func stepSequence(
        _ pc: UInt64, _ own: PSTATE, _ space: AArch64AddressSpace, _ reportedStops: ReportedStops
    ) throws(KVMError) -> VCPUReport? {
        guard let sequence = ExclusiveSequence(at: pc, read: { instruction(at: $0, in: space) }) else { return nil }
        let vbar = try system(.vbar)
        let stops = sequence.exits + [ExceptionEntry.vector(.synchronous, from: own, vbar: vbar)]
        guard stops.count <= debugRegisters.breakpoints else { return nil }
        let before = Saved(elr: try read(KVMRegisterID.elrEL1), spsr: try read(KVMRegisterID.spsrEL1))
        try mask(own)
        try setGuestDebug(debug.run(to: stops, ignoringWatchpoints: reportedStops.contains(.watchpoint)))
        while true {
            let exit = enterGuest()
            switch exit {
            case .interrupted: withVCPU { $0.setImmediateExit(false) }
            case .debug(let syndrome, let faultAddress):
                let exception = ExceptionSyndrome(rawValue: UInt64(syndrome))
                try putRight(.plain, pc: pc, own: own, before: before)
                guard exception.exceptionClass == .watchpointLowerEL else { return .stepped }
                return watchpointReport(exception, faultAddress) ?? .stepped
            default:
                if let report = try serve(exit) { return report }
            }
        }
    }
}

extension StepClass {
    /// Whether the instruction can unmask interrupts that were masked before it.
    fileprivate var mayUnmask: Bool {
        switch self {
        case .exceptionReturn, .writesDAIF, .clearsDAIF: true
        default: false
        }
    }
}
