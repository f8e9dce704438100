import AArch64

extension VCPU {
    /// The number of instructions after which the run loop ends to check timers and interrupts.
    private static let slice: UInt64 = 1 << 17
    /// The number of instructions after which the run loop checks for a request to exit.
    ///
    /// The check takes about 5 ns and does not end the run loop; these instructions take about 2.5 µs.
    private static let portion: UInt64 = 1 << 10

    /// Executes `budget` instructions, or fewer if something else ends the run.
    ///
    /// An instruction that takes a synchronous exception counts as one, an interrupt as none. With
    /// `ignoringBreakpointAtPC`, the first instruction is executed without checking breakpoints, watchpoints and
    /// interrupts, to continue after one of them stopped the vCPU.
    package func run(budget: UInt64, ignoringBreakpointAtPC: Bool = false) -> CPUExit {
        beginRun()
        let (sum, overflow) = runStart.addingReportingOverflow(budget)
        let end = overflow ? UInt64.max : sum
        if ignoringBreakpointAtPC, budget > 0, let exit = executeOne(ignoringWatchpoints: true) { return exit }
        let exitRequest = cluster.exitRequest
        var deadline: UInt64 = 0
        while true {
            // Attention is requested when an exception is caught.
            if state[VCPUState.attention] != 0, let exit = takeCaught() { return exit }
            if exitRequest.take() { return .requested }
            let now = time
            if now >= end { return .budget }
            if isFollowed {
                if let exit = followStep() { return exit }
                continue
            }
            // Attention is requested when a deadline changes.
            let isAttentionWanted = state[VCPUState.attention] != 0
            state[VCPUState.attention] = 0
            if isAttentionWanted || now >= deadline {
                updateTimers()
                deadline = max(timerDeadline(), now + 1)
            }
            if !takeInterruptIfPending(), let exit = takeCaught() { return exit }
            let limit = min(end, deadline)
            let isExact = limit - now <= Self.slice
            setBudget(isExact ? limit - now : Self.slice)
            guard let block = enter(limit: nil) else { continue }
            switch execute(block) {
            case .lookUp:
                continue
            case .exit:
                if let exit = exitToReport() { return exit }
            case .budget:
                // The block has more instructions than remain in the budget: exactly the remaining ones are executed.
                guard isExact, state[VCPUState.reserve] == 0, state[VCPUState.budget] > 0,
                    let part = enter(limit: state[VCPUState.budget])
                else { continue }
                if execute(part) == .exit, let exit = exitToReport() { return exit }
            }
        }
    }

    /// Executes one instruction, without taking interrupts and ignoring a breakpoint at it.
    ///
    /// If the instruction takes an exception, the step ends with PC at the vector. A watchpoint stops the vCPU before
    /// the instruction, unless `ignoringWatchpoints` is set because it has been reported. With `takingInterrupts` a
    /// pending interrupt is taken first, and the step executes its handler's first instruction. With
    /// `passingBreakpoint` the breakpoint at PC has been reported: it does not stop the vCPU again when the guest
    /// handles a fault of the fetch and returns. With `beginningWaits` WFI, WFE and YIELD return the same exits as in a
    /// run; otherwise the vCPU does not wait, and PC is at the next instruction.
    package func step(
        ignoringWatchpoints: Bool = false, takingInterrupts: Bool = false, passingBreakpoint: Bool = false,
        beginningWaits: Bool = false
    ) -> CPUExit {
        beginRun()
        endFollowing()
        if takingInterrupts {
            updateTimers()
            if !takeInterruptIfPending(), let exit = takeCaught() { return exit }
        }
        let exit = executeOne(ignoringWatchpoints: ignoringWatchpoints, passingBreakpoint: passingBreakpoint)
        if let caught = takeCaught() { return caught }
        switch exit {
        case nil: return .stepped
        case .waitForInterrupt, .waitForEvent, .yield: return beginningWaits ? exit ?? .stepped : .stepped
        case let exit?: return exit
        }
    }

    /// Takes the interrupt that has been caught, without executing an instruction.
    package func takeInterrupt() {
        beginRun()
        updateTimers()
        _ = takeInterruptIfPending()
    }

    /// Returns the exit for an exception that was caught, if there is one.
    private func takeCaught() -> CPUExit? {
        guard let exception = caught else { return nil }
        caught = nil
        lastCaught = exception
        endFollowing()
        return .caughtException
    }

    func beginRun() {
        caught = nil
        beginTime(at: cluster.timeBase)
    }

    /// Sets the vCPU's own time, with no instructions to execute.
    func beginTime(at time: UInt64) {
        runStart = time
        state[VCPUState.budget] = 0
        state[VCPUState.reserve] = 0
        state[VCPUState.ahead] = 0
        state[VCPUState.timeAtZero] = time
    }

    /// Executes the instruction at PC; nil when it completes.
    private func executeOne(ignoringWatchpoints: Bool, passingBreakpoint: Bool = true) -> CPUExit? {
        updateTimers()
        ignoresWatchpoints = ignoringWatchpoints
        defer { ignoresWatchpoints = false }
        state[VCPUState.attention] = 0
        return executeOneUnstopped(passingBreakpoint: passingBreakpoint)
    }

    /// Executes the instruction at PC as if it had no breakpoint; nil when it completes.
    ///
    /// `passingBreakpoint` means that it has one, which has been reported or passed by the filter for this execution.
    private func executeOneUnstopped(passingBreakpoint: Bool = true) -> CPUExit? {
        setBudget(1)
        if passingBreakpoint, !canFetch { cluster.passedBreakpoints.insert(execution) }
        guard let block = enter(limit: 1, ignoringBreakpoints: true) else { return nil }
        return execute(block) == .exit ? pendingExit : nil
    }

    /// The state that identifies the execution of the next instruction.
    private var execution: PassedBreakpoints.Execution {
        .init(
            pc: canonicalAddress(pc, isFetch: true), stackPointer: sp,
            table: system.ttbr0_el1 & 0x0000_FFFF_FFFF_FFFE, registers: (0..<31).map { x($0) })
    }

    /// Whether the fetch of the instruction at PC would succeed.
    private var canFetch: Bool {
        let address = canonicalAddress(pc, isFetch: true)
        guard address & 3 == 0, let physical = try? locateInstruction(address) else { return false }
        return cluster.memory.place(of: physical) != nil
    }

    /// Whether the breakpoint at PC was passed before its fetch faulted, and the vCPU has just returned to it.
    private func isBackAtPassedBreakpoint() -> Bool {
        guard !cluster.passedBreakpoints.isEmpty, lastReturn == time, canFetch else { return false }
        return cluster.passedBreakpoints.remove(execution)
    }

    /// Returns the exit of the run loop; nil if it was a breakpoint of another address space, or one that is passed.
    ///
    /// The guest cannot detect a passed breakpoint. Within a turn, a breakpoint only ends a block, and budget remains
    /// for its instruction, so no deadline precedes it, and interrupts are checked where they are without the
    /// breakpoint.
    private func exitToReport() -> CPUExit? {
        guard pendingExit == .breakpoint else { return pendingExit }
        if isOfOtherAddressSpace(breakpointAt: pc) { return executeOneUnstopped(passingBreakpoint: false) }
        if isBackAtPassedBreakpoint() { return executeOneUnstopped() }
        guard let filter = cluster.breakpointFilter, filter.passesBreakpoint(of: index) else { return .breakpoint }
        if let exit = executeOneUnstopped() {
            filter.endSteps(of: index)
            return exit
        }
        if filter.followsSteps(of: index) { recordStep(filter) }
        return nil
    }

    /// Reports an executed instruction to the filter, and records whether the next one is followed too.
    ///
    /// After the last one the run continues as usual, and stops at the next breakpoint by itself.
    private func recordStep(_ filter: any BreakpointFilter) {
        filter.stepped(index)
        isFollowed = filter.followsSteps(of: index)
    }

    /// Executes one of the instructions after a breakpoint that the filter follows, without taking interrupts.
    ///
    /// The run checks its budget and requests to exit between two of them; the next run continues with the rest.
    private func followStep() -> CPUExit? {
        guard let filter = cluster.breakpointFilter, filter.followsSteps(of: index) else {
            isFollowed = false
            return nil
        }
        if cluster.breakpoints.contains(pc), !isOfOtherAddressSpace(breakpointAt: pc),
            !filter.passesBreakpoint(of: index)
        {
            endFollowing()
            return .breakpoint
        }
        if let exit = executeOneUnstopped(passingBreakpoint: cluster.breakpoints.contains(pc)) {
            endFollowing()
            return exit
        }
        recordStep(filter)
        return nil
    }

    /// Ends the following of the vCPU's instructions, if it is in progress, because the vCPU does something else next.
    package func endFollowing() {
        guard isFollowed else { return }
        isFollowed = false
        cluster.breakpointFilter?.endSteps(of: index)
    }

    private func isOfOtherAddressSpace(breakpointAt address: UInt64) -> Bool {
        guard !cluster.breakpointBindings.isEmpty, let binding = cluster.breakpointBindings[address] else {
            return false
        }
        return !binding.matches(
            ttbr0: system.ttbr0_el1, ttbr1: system.ttbr1_el1, tcr: TCR(rawValue: system.tcr_el1))
    }

    /// Gives the run loop a budget of `count` instructions from the current time, in portions.
    private func setBudget(_ count: UInt64) {
        let now = time
        let portion = min(count, Self.portion)
        state[VCPUState.timeAtZero] = now + portion
        state[VCPUState.budget] = portion
        state[VCPUState.reserve] = count - portion
    }

    /// Adds the next portion of the slice to the budget; false if none is left or another thread has requested an exit.
    func refillBudget() -> Bool {
        let portion = min(state[VCPUState.reserve], Self.portion)
        guard portion > 0, !cluster.exitRequest.isPending else { return false }
        state[VCPUState.reserve] &-= portion
        state[VCPUState.timeAtZero] &+= portion
        state[VCPUState.budget] &+= portion
        return true
    }

    /// Returns the block at PC, of at most `limit` instructions; nil when the fetch took an exception.
    ///
    /// A breakpoint at PC takes priority over all exceptions of the fetch, because it applies to the address.
    private func enter(limit: UInt64?, ignoringBreakpoints: Bool = false) -> BlockPointer? {
        let address = pc
        guard address & 3 == 0 else {
            if !ignoringBreakpoints, let block = breakpointBlock(at: canonicalAddress(address, isFetch: true)) {
                return block
            }
            return refuse(.programCounterAlignment(address))
        }
        pc = canonicalAddress(address, isFetch: true)
        do throws(MemoryFault) {
            if let limit {
                return try scratchBlock(at: pc, limit: limit, ignoringBreakpoints: ignoringBreakpoints)
            }
            let entry = JumpCache.entry(for: pc, in: state.slots)
            if entry[0] == pc, let known = BlockPointer(bitPattern: UInt(entry[1])), !known.pointee.isDead {
                return known
            }
            return try block(at: pc)
        } catch {
            if !ignoringBreakpoints, let block = breakpointBlock(at: pc) { return block }
            return refuse(.instructionAbort(error))
        }
    }

    /// Takes an exception of the fetch, which counts as one executed instruction.
    private func refuse(_ exception: GuestException) -> BlockPointer? {
        take(exception)
        if caught == nil { state[VCPUState.budget] &-= 1 }
        return nil
    }
}

extension CPUCluster {
    /// Runs one vCPU: ``VCPU/run(budget:ignoringBreakpointAtPC:)``.
    package func run(_ vcpu: Int, budget: Int, ignoringBreakpointAtPC: Bool = false) -> CPUExit {
        running = vcpu
        defer { running = nil }
        return vcpus[vcpu].run(budget: UInt64(max(budget, 0)), ignoringBreakpointAtPC: ignoringBreakpointAtPC)
    }

    /// Steps one vCPU: ``VCPU/step(ignoringWatchpoints:takingInterrupts:passingBreakpoint:beginningWaits:)``.
    package func step(
        _ vcpu: Int, ignoringWatchpoints: Bool = false, takingInterrupts: Bool = false, passingBreakpoint: Bool = false,
        beginningWaits: Bool = false
    ) -> CPUExit {
        running = vcpu
        defer { running = nil }
        return vcpus[vcpu].step(
            ignoringWatchpoints: ignoringWatchpoints, takingInterrupts: takingInterrupts,
            passingBreakpoint: passingBreakpoint, beginningWaits: beginningWaits)
    }

    /// Virtual time in instructions: that of the current instruction during a run, or that at which the next run
    /// begins.
    package var time: UInt64 { running.map { vcpus[$0].time } ?? timeBase }
}
