import ByteOrder
import Acceleration
import Execution
import GuestAddresses
import GuestMemory
import HostIO
import KVM
import Machine
import X86_64

// One instruction of the interrupted program. TF makes KVM stop after it. KVM_GUESTDBG_BLOCKIRQ holds interrupts off
// outside the guest's state; IF does so where the host's kernel is older than 5.16. The instruction is decoded first,
// and its effect on the borrowed bits is corrected afterwards, so that the guest never sees them.
extension KVMX86_64Processor {
    /// The state before a step.
    private struct Origin {
        var registers: X86Registers
        var system: X86SystemRegisters
        var instruction: StepInstruction
        var before: StepFixUp.Before
        /// The handlers of exceptions, by debug slot after those of the watchpoints.
        var handlers: [(vector: UInt8, gate: Gate)]
    }

    /// Executes one instruction whatever breakpoint is there.
    ///
    /// A watchpoint that was reported has done its access: those of the next instruction count.
    func stepOnce(_ reportedStops: ReportedStops) throws(KVMError) -> VCPUReport {
        let origin = try origin()
        hasReadTime = origin.instruction.readsTime
        switch origin.instruction.stepClass {
        case .waits:
            // HLT could sleep forever with interrupts held off; the manuals allow a wake-up without a cause.
            var registers = origin.registers
            registers.rip &+= UInt64(origin.instruction.length ?? 1)
            try write(registers)
            return .stepped
        case .softwareInterrupt(vector: ExceptionVector.breakpoint) where origin.instruction.length == 1:
            if debug.debug.catches.contains(.int3) && !reportedStops.contains(.caughtException) {
                return .caughtException
            }
        default: break
        }
        return try execute(origin)
    }

    /// Has the guest take the #BP of its own INT3, by executing it without an intercept; nil if the guest may continue.
    ///
    /// KVM_GUESTDBG_INJECT_BP is used only where the handler can't be determined. On AMD processors KVM decodes INT3
    /// for each attempt to inject its #BP, and that empties the queue of exceptions: if an entry was postponed, a timer
    /// interrupt that is due replaces the #BP, with RIP after INT3 (`svm_update_soft_interrupt_rip`; seen with Linux
    /// 6.1 on processors without NRIPS, where one of ten was lost).
    func passOwnBreakpoint() throws(KVMError) -> VCPUReport? {
        let origin = try origin()
        guard case .softwareInterrupt(vector: ExceptionVector.breakpoint) = origin.instruction.stepClass,
            origin.handlers.first?.vector == ExceptionVector.breakpoint,
            debug.registers.watchpointSlots.count < DebugRegisters.count
        else {
            try inject(.injectBreakpoint)
            return nil
        }
        let report = try execute(origin)
        // The step took no notice of a kick.
        if mustStop { withVCPU { $0.setImmediateExit(true) } }
        try enableStopPoints()
        return report == .stepped ? nil : report
    }

    /// One instruction, with what it takes to have it come back.
    private func execute(_ origin: Origin) throws(KVMError) -> VCPUReport {
        var lent = origin.registers
        if !blocksInterrupts { lent.rflags &= ~RFLAGS.interrupt }
        if case .systemReturn = origin.instruction.stepClass {
            // Whether a trap follows is decided by the flags that SYSRET loads.
            lent.r11 |= RFLAGS.trap
            if !blocksInterrupts { lent.r11 &= ~RFLAGS.interrupt }
        }
        if lent.rflags != origin.registers.rflags || lent.r11 != origin.registers.r11 { try write(lent) }
        let slots = try self.slots(origin)
        var wanted = X86GuestDebug(slots)
        wanted.control.formUnion([.enable, .singleStep])
        if blocksInterrupts { wanted.control.insert(.blockInterrupts) }
        try setGuestDebug(wanted)
        let began = HostClock.now()
        while true {
            switch enterGuest() {
            case .interrupted:
                withVCPU { $0.setImmediateExit(false) }
                if isOff { return .stepped }
                // The thread that waits for a step kicks the vCPU regularly.
                if HostClock.now() &- began > Self.longestStep, try registers().rip != origin.registers.rip {
                    return try endAstray(origin)
                }
            case .debugTrap(_, _, let dr6, _):
                return try end(origin, slots, DebugStatus(dr6: dr6))
            case let exit:
                // Device accesses are completed by the next run, which ends with the step.
                if let report = try serve(exit) { return report }
            }
        }
    }

    /// The time limit of a step, in nanoseconds.
    ///
    /// A step that has not trapped by then has lost its trap, for example in an exception handler that could not be
    /// determined, and ends where it is.
    private static let longestStep: UInt64 = 200_000_000

    private var borrowed: StepFixUp.Borrowed { blocksInterrupts ? .trap : .trapAndInterrupt }

    private func origin() throws(KVMError) -> Origin {
        let registers = try registers()
        let system = try systemRegisters()
        let space = X86_64AddressSpace(
            machine.machine.memory, paging: X86Paging(paging: paging(system), lstar: 0))
        let place = system.codeBase &+ registers.rip
        let bytes = (try? space.read(VirtualAddress(place), count: StepInstruction.maximumLength)) ?? []
        let instruction = StepInstruction(bytes, codeSize: system.codeSize)
        var before = StepFixUp.Before(
            rflags: RFLAGS(rawValue: registers.rflags), cpl: system.privilegeLevel, r11: registers.r11)
        let stack = VirtualAddress((system.codeSize == .bits64 ? 0 : system.ss.base) &+ registers.rsp)
        switch instruction.stepClass {
        case .popsFlags(let size): before.loadedFlags = value(at: stack, size: size, in: space)
        case .interruptReturn(let size):
            before.loadedFlags = value(at: stack &+ UInt64(2 * size), size: size, in: space)
        case .systemCall: before.sfmask = try msr(.sfmask)
        default: break
        }
        var handlers: [(vector: UInt8, gate: Gate)] = []
        if case .systemCall = instruction.stepClass {
            let entry = try msr(system.codeSize == .bits64 ? .lstar : .cstar)
            handlers.append((Self.noVector, Gate.entry(entry)))
        }
        // As many as there are debug registers left are watched for.
        var vectors = ExceptionVector.likeliest
        if case .softwareInterrupt(let vector) = instruction.stepClass { vectors.insert(vector, at: 0) }
        for vector in vectors {
            let table = VirtualAddress(system.idt.base) &+ Gate.offset(vector: vector, longMode: system.isLongMode)
            let size = Gate.size(longMode: system.isLongMode)
            let end = Gate.offset(vector: vector, longMode: system.isLongMode) &+ UInt64(size)
            let bytes = (try? space.read(table, count: size)) ?? []
            guard system.cr0 & 1 != 0, end <= UInt64(system.idt.limit) + 1,
                let gate = Gate(bytes, longMode: system.isLongMode)
            else { continue }
            // At a handler's first instruction, a breakpoint there would stop the step before it.
            guard gate.offset != place else { continue }
            handlers.append((vector, gate))
        }
        if case .softwareInterrupt(let vector) = instruction.stepClass,
            let own = handlers.first(where: { $0.vector == vector })
        {
            before.gate = own.gate
        }
        return Origin(
            registers: registers, system: system, instruction: instruction, before: before, handlers: handlers)
    }

    /// No exception's: SYSCALL's entry point.
    private static let noVector: UInt8 = 0xff

    /// The watchpoints, and breakpoints where the instruction may lead with TF cleared.
    private func slots(_ origin: Origin) throws(KVMError) -> DebugRegisters {
        let watched = debug.registers.watchpointSlots
        let entries = origin.handlers.map { DebugSlot.breakpoint(at: $0.gate.offset) }
        do throws(DebugRegisterError) {
            return try DebugRegisters(watched + entries.prefix(DebugRegisters.count - watched.count))
        } catch {
            throw KVMError(operation: error.text)
        }
    }

    /// Puts right what the borrowed bits have left, and says what the step came to.
    private func end(
        _ origin: Origin, _ slots: DebugRegisters, _ status: DebugStatus
    ) throws(KVMError) -> VCPUReport {
        var registers = try registers()
        let after = RFLAGS(rawValue: registers.rflags)
        let watchCount = debug.registers.watchpointSlots.count
        let hit = status.hits(slots).first { $0 >= watchCount }.map { origin.handlers[$0 - watchCount] }
        let fixUp: StepFixUp
        if let hit, hit.vector != Self.noVector, !isOwn(hit.vector, origin) {
            fixUp = StepFixUp.taken(
                by: hit.gate, hasErrorCode: ExceptionVector.pushesErrorCode(hit.vector), before: origin.before,
                borrowed: borrowed, after: after)
        } else {
            fixUp = StepFixUp.after(
                origin.instruction.stepClass, before: origin.before, borrowed: borrowed, after: after,
                r11: registers.r11)
        }
        try setGuestDebug(X86GuestDebug())
        registers.rflags = fixUp.rflags.rawValue
        if let r11 = fixUp.r11 { registers.r11 = r11 }
        if case .systemReturn = origin.instruction.stepClass { registers.r11 = origin.registers.r11 }
        try write(registers)
        if let offset = fixUp.pushedFlagsOffset { try putRight(fixUp, at: offset, registers) }
        // The guest was stepping itself: its own trap is due as well.
        if origin.before.rflags.rawValue & RFLAGS.trap != 0, hit == nil {
            try injectDebug(.step)
        }
        if watchCount > 0, let report = watchpointReport(slots, status, watchCount) { return report }
        return .stepped
    }

    /// Ends a step that has lost its trap: no more is known than that the borrowed bits are not the guest's.
    private func endAstray(_ origin: Origin) throws(KVMError) -> VCPUReport {
        var registers = try registers()
        let fixUp = StepFixUp.after(
            .plain, before: origin.before, borrowed: borrowed, after: RFLAGS(rawValue: registers.rflags),
            r11: registers.r11)
        try setGuestDebug(X86GuestDebug())
        registers.rflags = fixUp.rflags.rawValue
        if case .systemReturn = origin.instruction.stepClass,
            (registers.r11 ^ origin.registers.r11) & ~borrowed.bits == 0
        {
            registers.r11 = origin.registers.r11
        }
        try write(registers)
        return .stepped
    }

    private func isOwn(_ vector: UInt8, _ origin: Origin) -> Bool {
        if case .softwareInterrupt(vector) = origin.instruction.stepClass { return true }
        return false
    }

    private func watchpointReport(_ slots: DebugRegisters, _ status: DebugStatus, _ count: Int) -> VCPUReport? {
        guard let slot = status.hits(slots).first(where: { $0 < count }),
            let index = debug.registers.owners.compactMap({ $0 }).dropFirst(slot).first
        else { return nil }
        return .watchpoint(debug.debug.watchpoints[index].kind, address: slots.slots[slot].address)
    }

    /// RFLAGS as it was pushed, without the borrowed bits.
    private func putRight(_ fixUp: StepFixUp, at offset: Int, _ registers: X86Registers) throws(KVMError) {
        let system = try systemRegisters()
        let space = X86_64AddressSpace(
            machine.machine.memory, paging: X86Paging(paging: paging(system), lstar: 0))
        let stack = (system.codeSize == .bits64 ? 0 : system.ss.base) &+ registers.rsp &+ UInt64(offset)
        // TF and IF are in the second byte, whatever the size.
        let place = VirtualAddress(stack &+ 1)
        guard let byte = try? space.read(place, count: 1).first, let range = try? space.ranges(place, count: 1).first
        else {
            return
        }
        let right =
            byte & ~UInt8(truncatingIfNeeded: fixUp.pushedBits >> 8)
            | UInt8(truncatingIfNeeded: fixUp.pushedValue >> 8)
        try? machine.machine.memory.write(range.lowerBound, [right])
    }

    private func value(at address: VirtualAddress, size: Int, in space: X86_64AddressSpace) -> UInt64 {
        UInt64(littleEndianBytes: (try? space.read(address, count: size)) ?? [])
    }

    func write(_ registers: X86Registers) throws(KVMError) {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.setRegisters(registers) }
    }
}

extension Gate {
    /// SYSCALL's entry, as something that a step may lead to.
    fileprivate static func entry(_ address: UInt64) -> Gate {
        var gate = Gate.interrupt64
        gate.offset = address
        return gate
    }
}
