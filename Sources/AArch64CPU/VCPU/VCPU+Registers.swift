/// Bits of PSTATE in the layout of SPSR_EL1 (Arm ARM, SPSR_EL1).
enum PSTATEBits {
    static let nzcv: UInt64 = 0xF << 28
    static let daif: UInt64 = 0xF << 6
    static let pan: UInt64 = 1 << 22
    static let uao: UInt64 = 1 << 23
    static let dit: UInt64 = 1 << 24
    static let exceptionLevel: UInt64 = 3 << 2
    static let stackSelect: UInt64 = 1
    /// EL1h with D, A, I and F set.
    static let reset: UInt64 = 0x3C5
}

extension VCPU {
    /// X`n`; register 31 is XZR.
    package func x(_ n: Int) -> UInt64 {
        n & 31 == 31 ? 0 : state[n & 31]
    }

    /// Sets X`n`; for register 31 nothing happens.
    package func setX(_ n: Int, _ value: UInt64) {
        if n & 31 != 31 { state[n & 31] = value }
    }

    /// The stack pointer the current exception level and PSTATE.SP select.
    package var sp: UInt64 {
        get { state[VCPUState.stackPointer] }
        set { state[VCPUState.stackPointer] = newValue }
    }

    package var pc: UInt64 {
        get { state[VCPUState.programCounter] }
        set { state[VCPUState.programCounter] = newValue }
    }

    /// PSTATE in SPSR_EL1's layout.
    ///
    /// Setting it selects the stack pointer and the translation context.
    package var pstate: UInt64 {
        get { state[VCPUState.pstateRest] | nzcv }
        set {
            let oldBank = selectedStack
            state[VCPUState.pstateRest] = newValue & ~PSTATEBits.nzcv
            nzcv = newValue & PSTATEBits.nzcv
            if oldBank != selectedStack {
                if oldBank == 0 { system.sp_el0 = sp } else { system.sp_el1 = sp }
                sp = selectedStack == 0 ? system.sp_el0 : system.sp_el1
            }
            selectTranslationLevel()
        }
    }

    /// N, Z, C and V in bits 31–28.
    package var nzcv: UInt64 {
        get {
            UInt64(
                LazyFlags.nzcv(
                    kind: state[VCPUState.flagsKind], state[VCPUState.flagsA], state[VCPUState.flagsB]))
        }
        set {
            state[VCPUState.flagsKind] = LazyFlags.Kind.packed
            state[VCPUState.flagsA] = newValue & PSTATEBits.nzcv
        }
    }

    /// PSTATE.EL, 0 or 1.
    package var exceptionLevel: Int {
        Int(state[VCPUState.pstateRest] & PSTATEBits.exceptionLevel) >> 2
    }

    /// Which of SP_EL0 and SP_EL1 the current stack pointer is.
    var selectedStack: Int {
        let rest = state[VCPUState.pstateRest]
        return rest & PSTATEBits.exceptionLevel == 0 || rest & PSTATEBits.stackSelect == 0 ? 0 : 1
    }

    /// SP_EL`level`, whether it is the current stack pointer or not.
    package func bankedSP(_ level: Int) -> UInt64 {
        if level == selectedStack { return sp }
        return level == 0 ? system.sp_el0 : system.sp_el1
    }

    /// Sets SP_EL`level`, whether it is the current stack pointer or not.
    package func setBankedSP(_ level: Int, _ value: UInt64) {
        if level == selectedStack {
            sp = value
        } else if level == 0 {
            system.sp_el0 = value
        } else {
            system.sp_el1 = value
        }
    }

    /// V`n`, low half first.
    package func v(_ n: Int) -> (UInt64, UInt64) {
        let slot = VCPUState.vectors + 2 * (n & 31)
        return (state[slot], state[slot + 1])
    }

    package func setV(_ n: Int, _ value: (UInt64, UInt64)) {
        let slot = VCPUState.vectors + 2 * (n & 31)
        state[slot] = value.0
        state[slot + 1] = value.1
    }

    package var fpcr: UInt64 {
        get { state[VCPUState.fpcr] }
        set { state[VCPUState.fpcr] = newValue }
    }

    package var fpsr: UInt64 {
        get { state[VCPUState.fpsr] }
        set { state[VCPUState.fpsr] = newValue }
    }
}
