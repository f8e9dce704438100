extension VCPU {
    /// The whole state of a vCPU between two runs: what the guest can see, and what decides how the vCPU continues.
    ///
    /// A value apart from ``VCPUState``, whose slots also hold host pointers, caches and results of half an instruction.
    /// TLBs, jump caches and decoded blocks are not state: they follow from this value and from memory. Breakpoints and
    /// caught exceptions are the debugger's.
    package struct SavedState: Equatable, Sendable {
        /// X0–X30.
        package var x = [UInt64](repeating: 0, count: 31)
        package var pc: UInt64 = 0
        /// PSTATE in SPSR_EL1's layout, NZCV included.
        package var pstate = PSTATEBits.reset
        /// V0–V31, two elements each, low half first.
        package var v = [UInt64](repeating: 0, count: 64)
        package var fpcr: UInt64 = 0
        package var fpsr: UInt64 = 0
        /// The bytes that the exclusive monitor has marked; nil while it is open.
        package var exclusive: ExclusiveMark?
        /// System registers, timers, interrupt inputs and the event register.
        ///
        /// SP_EL0 and SP_EL1 are both here, the one in use included.
        package var system: SystemRegisters
        /// The wait that the last WFI or WFE began; whether it still lasts is the scheduler's to say.
        package var wait = Wait()
        /// The vCPU's own virtual time, in instructions.
        package var time: UInt64 = 0
        /// ``VCPU/lastReturn``.
        package var lastReturn: UInt64 = 0

        /// The state of vCPU `index` after a cold reset at time 0: EL1h with interrupts masked, MMU off, PC 0.
        package init(index: Int) {
            system = SystemRegisters(index: index)
        }
    }

    /// The bytes that LDXR, LDAXR or a pair's form has marked, and what they held then.
    package struct ExclusiveMark: Equatable, Sendable {
        /// In bytes; never zero.
        package var size: UInt64
        /// Physical.
        package var address: UInt64
        package var low: UInt64
        package var high: UInt64
    }

    /// The whole state, to be read between two runs.
    package var savedState: SavedState {
        var saved = SavedState(index: index)
        saved.x = (0..<31).map { x($0) }
        saved.pc = pc
        saved.pstate = pstate
        saved.v = (VCPUState.vectors..<VCPUState.vectors + 64).map { state[$0] }
        saved.fpcr = fpcr
        saved.fpsr = fpsr
        saved.exclusive = exclusive
        saved.system = system
        saved.system.sp_el0 = bankedSP(0)
        saved.system.sp_el1 = bankedSP(1)
        saved.wait = wait
        saved.time = time
        saved.lastReturn = lastReturn
        return saved
    }

    /// Continues from a state of a vCPU with this index.
    ///
    /// Timer outputs that differ are reported. Everything derived is dropped, and so is what the debugger has of the run
    /// that ends here: steps that it follows, and the exception that was caught last.
    package func restore(_ saved: SavedState) {
        endFollowing()
        caught = nil
        lastCaught = nil
        let oldTimers = system.timers
        for (n, value) in saved.x.enumerated() { setX(n, value) }
        pc = saved.pc
        // The accessor of PSTATE would save the stack pointer that is in use now.
        state[VCPUState.pstateRest] = saved.pstate & ~PSTATEBits.nzcv
        nzcv = saved.pstate & PSTATEBits.nzcv
        system = saved.system
        sp = selectedStack == 0 ? saved.system.sp_el0 : saved.system.sp_el1
        for (n, value) in saved.v.enumerated() { state[VCPUState.vectors + n] = value }
        fpcr = saved.fpcr
        fpsr = saved.fpsr
        exclusive = saved.exclusive
        wait = saved.wait
        beginTime(at: saved.time)
        lastReturn = saved.lastReturn
        flushTranslations()
        translationContextChanged()
        reportLevels(changedFrom: oldTimers)
    }

    private var exclusive: ExclusiveMark? {
        get {
            guard state[VCPUState.exclusiveSize] != 0 else { return nil }
            return ExclusiveMark(
                size: state[VCPUState.exclusiveSize], address: state[VCPUState.exclusiveAddress],
                low: state[VCPUState.exclusiveLow], high: state[VCPUState.exclusiveHigh])
        }
        set {
            state[VCPUState.exclusiveSize] = newValue?.size ?? 0
            state[VCPUState.exclusiveAddress] = newValue?.address ?? 0
            state[VCPUState.exclusiveLow] = newValue?.low ?? 0
            state[VCPUState.exclusiveHigh] = newValue?.high ?? 0
        }
    }
}
