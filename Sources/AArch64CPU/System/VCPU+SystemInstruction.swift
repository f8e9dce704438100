import AArch64

extension VCPU {
    /// Executes an instruction of the system and exception groups; PC is its address.
    ///
    /// Handles MRS, MSR, SYS, SYSL, WFI, WFE, SEV, SEVL, YIELD, ISB, SVC, HVC, SMC, BRK, HLT, DCPS, ERET and DRPS. Any
    /// other instruction word is UNDEFINED.
    package func executeSystemInstruction(_ word: UInt32) -> SystemOutcome {
        switch word >> 24 {
        case 0xD5: systemSpace(word)
        case 0xD4: exceptionGeneration(word)
        case 0xD6 where word == 0xD69F_03E0: exceptionReturn(to: system.elr_el1)
        // ERETAA and ERETAB, with SP as the modifier.
        case 0xD6 where word & ~0x400 == 0xD69F_0BFF && cluster.features.contains(.pauth):
            exceptionReturn(to: authenticate(system.elr_el1, modifier: sp, word & 0x400 != 0 ? .ib : .ia))
        default: undefined()
        }
    }

    /// Executes an instruction of the System class: L is bit 21, op0 bits 20 and 19.
    ///
    /// Arm ARM, "System instruction class encoding".
    private func systemSpace(_ word: UInt32) -> SystemOutcome {
        let encoding = SystemRegisterEncoding(rawValue: UInt16(truncatingIfNeeded: word >> 5))
        let register = Int(word & 31)
        switch word >> 19 & 0x1F {
        case 0b000 where word & 0xF01F == 0x401F: return moveImmediate(encoding)
        case 0b000 where word & 0x7_F01F == 0x3_201F: return hint(word >> 5 & 0x7F)
        // ISB has no effect: decoded blocks are never stale, and a register write takes effect before the next
        // instruction.
        case 0b000 where word & 0x7_F0FF == 0x3_30DF: return .next
        case 0b001: return systemOperation(encoding, register)
        case 0b010, 0b011: return moveToRegister(encoding, register)
        case 0b110, 0b111: return moveFromRegister(encoding, register)
        default: return undefined()
        }
    }

    private func hint(_ number: UInt32) -> SystemOutcome {
        switch number {
        case 1:
            pc &+= 4
            return .exit(.yield)
        case 2: return waitForEvent()
        case 3: return waitForInterrupt()
        case 4:
            cluster.sendEvent()
            return .next
        case 5:
            system.eventRegister = true
            return .next
        default:
            // Unallocated hints are NOPs.
            return .next
        }
    }

    private func exceptionGeneration(_ word: UInt32) -> SystemOutcome {
        let immediate = UInt16(truncatingIfNeeded: word >> 5)
        switch word & 0xFFE0_001F {
        case 0xD400_0001: return supervisorCall(immediate)
        case 0xD400_0002: return hypercall(.hvc, immediate)
        case 0xD400_0003: return hypercall(.smc, immediate)
        case 0xD420_0000: return breakpointInstruction(immediate)
        case 0xD440_0000: return halt(immediate)
        default: return undefined()
        }
    }

    /// Ends the run at an HVC or SMC of EL1, because EL2 and EL3 are not implemented and the accelerator handles PSCI.
    ///
    /// Both are UNDEFINED at EL0.
    private func hypercall(_ conduit: CPUExit.Conduit, _ immediate: UInt16) -> SystemOutcome {
        guard exceptionLevel > 0 else { return undefined() }
        let syndrome = conduit == .hvc ? ExceptionSyndrome.hvc(immediate) : .smc(immediate)
        if isCaught(.synchronous, syndrome, nil) { return .branched }
        pc &+= 4
        return .exit(.hypercall(conduit, immediate: immediate))
    }

    /// Executes HLT, which is UNDEFINED outside Debug state unless it is a semihosting call.
    ///
    /// Only EL1 may make semihosting calls, because a guest application must not access the host's files.
    private func halt(_ immediate: UInt16) -> SystemOutcome {
        guard cluster.configuration.semihosting, immediate == 0xF000, exceptionLevel > 0 else { return undefined() }
        pc &+= 4
        return .exit(.semihosting)
    }

    /// Executes MSR (immediate): op1 and op2 select the PSTATE field, CRm is the value.
    private func moveImmediate(_ encoding: SystemRegisterEncoding) -> SystemOutcome {
        let value = UInt64(encoding.crm)
        switch (encoding.op1, encoding.op2) {
        case (0, 5):  // SPSel
            guard exceptionLevel > 0 else { return undefined() }
            pstate = pstate & ~PSTATEBits.stackSelect | value & 1
        case (3, 6), (3, 7):  // DAIFSet, DAIFClr
            guard exceptionLevel > 0 || control.uma else {
                return trapSystemAccess(encoding, register: 31, isRead: false)
            }
            interruptMasks = encoding.op2 == 6 ? interruptMasks | value << 6 : interruptMasks & ~(value << 6)
        case (0, 3) where cluster.features.contains(.uao):
            guard exceptionLevel > 0 else { return undefined() }
            writeSpecial(.uao, value & 1 != 0 ? .max : 0, writable: .max)
        case (0, 4) where cluster.features.contains(.pan):
            guard exceptionLevel > 0 else { return undefined() }
            writeSpecial(.pan, value & 1 != 0 ? .max : 0, writable: .max)
        case (3, 2) where cluster.features.contains(.dit):
            writeSpecial(.dit, value & 1 != 0 ? .max : 0, writable: .max)
        default:
            // SSBS, TCO, ALLINT and the flag manipulation instructions are not implemented.
            return undefined()
        }
        return .next
    }

    /// PSTATE.DAIF in its position in PSTATE.
    ///
    /// Setting it checks for interrupts that are no longer masked.
    var interruptMasks: UInt64 {
        get { state[VCPUState.pstateRest] & PSTATEBits.daif }
        set {
            state[VCPUState.pstateRest] = state[VCPUState.pstateRest] & ~PSTATEBits.daif | newValue & PSTATEBits.daif
            if hasDeliverableInterrupt { requestAttention() }
        }
    }
}
