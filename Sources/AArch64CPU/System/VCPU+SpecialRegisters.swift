import AArch64

extension VCPU {
    func readSpecial(_ register: SpecialRegister) -> UInt64 {
        switch register {
        case .nzcv: nzcv
        case .daif: interruptMasks
        case .currentEL: state[VCPUState.pstateRest] & PSTATEBits.exceptionLevel
        case .spSel: state[VCPUState.pstateRest] & PSTATEBits.stackSelect
        case .spEL0: bankedSP(0)
        case .pan: pstate & PSTATEBits.pan
        case .uao: pstate & PSTATEBits.uao
        case .dit: pstate & PSTATEBits.dit
        case .fpcr: fpcr
        case .fpsr: fpsr
        case .isr: pendingInterruptsNow.rawValue
        case .ccsidr: IdentificationRegisters.ccsidr(csselr: system.csselr_el1)
        case .dczid:
            IdentificationRegisters.dczid | (isZeroBlockTrapped ? IdentificationRegisters.dczidDZP : 0)
        case .mdscr: system.mdscr_el1
        case .oslar: 0
        // OSLM, 0b10 in bits 3 and 0: the OS lock is implemented.
        case .oslsr: 0b1000 | system.osLock << 1
        // DBGCLAIMSET_EL1 reads as one for each implemented claim tag, all eight.
        case .claimSet: 0xFF
        case .claimClear: system.dbgclaim
        case .physicalCount, .virtualCount: counterValue
        case .physicalTimerValue: system.timers.physical.timerValue(at: counterValue)
        case .physicalControl: system.timers.physical.control(at: counterValue)
        case .physicalCompareValue: system.timers.physical.compareValue
        case .virtualTimerValue: system.timers.virtual.timerValue(at: counterValue)
        case .virtualControl: system.timers.virtual.control(at: counterValue)
        case .virtualCompareValue: system.timers.virtual.compareValue
        case .monitorControl: system.cycles.control
        case .monitorEnableSet, .monitorEnableClear: system.cycles.isEnabled ? CycleCounter.bit : 0
        case .monitorOverflowSet, .monitorOverflowClear: system.cycles.overflow(at: time) ? CycleCounter.bit : 0
        case .monitorInterruptSet, .monitorInterruptClear: system.cycles.hasInterrupt ? CycleCounter.bit : 0
        case .cycleCount: system.cycles.value(at: time)
        case .selectedEventType: system.pmselr_el0 == 31 ? system.pmccfiltr_el0 : 0
        }
    }

    func writeSpecial(_ register: SpecialRegister, _ value: UInt64, writable: UInt64) {
        switch register {
        case .nzcv: nzcv = value & PSTATEBits.nzcv
        case .daif: interruptMasks = value
        case .spSel: pstate = pstate & ~PSTATEBits.stackSelect | value & PSTATEBits.stackSelect
        case .spEL0: setBankedSP(0, value)
        case .pan: setPSTATE(PSTATEBits.pan, value)
        case .uao: setPSTATE(PSTATEBits.uao, value)
        case .dit: setPSTATE(PSTATEBits.dit, value)
        case .fpcr: fpcr = value & writable
        case .fpsr: fpsr = value & writable
        case .mdscr:
            let mask = MDSCR.writable | (system.osLock != 0 ? MDSCR.writableWhenLocked : 0)
            system.mdscr_el1 = system.mdscr_el1 & ~mask | value & mask
        case .oslar: system.osLock = value & 1
        case .claimSet: system.dbgclaim |= value & 0xFF
        case .claimClear: system.dbgclaim &= ~value
        case .physicalTimerValue:
            system.timers.physical.setTimerValue(value, at: counterValue)
            timersChanged()
        case .physicalControl:
            system.timers.physical.setControl(value)
            timersChanged()
        case .physicalCompareValue:
            system.timers.physical.compareValue = value
            timersChanged()
        case .virtualTimerValue:
            system.timers.virtual.setTimerValue(value, at: counterValue)
            timersChanged()
        case .virtualControl:
            system.timers.virtual.setControl(value)
            timersChanged()
        case .virtualCompareValue:
            system.timers.virtual.compareValue = value
            timersChanged()
        case .monitorControl: system.cycles.setControl(value, at: time)
        case .monitorEnableSet: if value & CycleCounter.bit != 0 { system.cycles.setEnabled(true, at: time) }
        case .monitorEnableClear: if value & CycleCounter.bit != 0 { system.cycles.setEnabled(false, at: time) }
        case .monitorOverflowSet: if value & CycleCounter.bit != 0 { system.cycles.setOverflow(true, at: time) }
        case .monitorOverflowClear: if value & CycleCounter.bit != 0 { system.cycles.setOverflow(false, at: time) }
        case .monitorInterruptSet: if value & CycleCounter.bit != 0 { system.cycles.hasInterrupt = true }
        case .monitorInterruptClear: if value & CycleCounter.bit != 0 { system.cycles.hasInterrupt = false }
        case .cycleCount: system.cycles.setValue(value, at: time)
        case .selectedEventType: if system.pmselr_el0 == 31 { system.pmccfiltr_el0 = value & 3 << 30 }
        case .currentEL, .isr, .ccsidr, .dczid, .oslsr, .physicalCount, .virtualCount:
            // Read-only: an MSR is UNDEFINED, and a debugger's write is refused before this point.
            break
        }
    }

    /// Sets or clears bits of PSTATE from a register that has them in the same positions.
    private func setPSTATE(_ bits: UInt64, _ value: UInt64) {
        pstate = pstate & ~bits | value & bits
    }

    /// Whether DC ZVA is trapped: at EL0 with SCTLR_EL1.DZE clear.
    var isZeroBlockTrapped: Bool {
        exceptionLevel == 0 && !control.dze
    }
}
