extension VCPU {
    /// Selects the bank of the current TTBR0_EL1 and TTBR1_EL1.
    ///
    /// Must be called after either is written.
    package func translationContextChanged() {
        let ttbr0 = system.ttbr0_el1
        let ttbr1 = system.ttbr1_el1
        bankClock &+= 1
        var oldest = 0
        for candidate in 0..<TranslationBank.bankCount {
            let bank = banks + candidate
            if bank.pointee.isInUse && bank.pointee.ttbr0 == ttbr0 && bank.pointee.ttbr1 == ttbr1 {
                selectBank(candidate)
                return
            }
            if bank.pointee.lastUse < banks[oldest].lastUse { oldest = candidate }
        }
        banks[oldest].ttbr0 = ttbr0
        banks[oldest].ttbr1 = ttbr1
        banks[oldest].isInUse = true
        banks[oldest].flush()
        selectBank(oldest)
    }

    private func selectBank(_ bank: Int) {
        currentBank = bank
        banks[bank].lastUse = bankClock
        selectTranslationLevel()
    }

    /// Whether LDTR and STTR have the permissions of EL0.
    ///
    /// PSTATE.UAO, which applies at EL1 only, gives them those of EL1.
    var actsAsEL0WhenUnprivileged: Bool {
        exceptionLevel == 0 || state[VCPUState.pstateRest] & PSTATEBits.uao == 0
    }

    /// Selects the tables of the current exception level and PSTATE for the run loop.
    func selectTranslationLevel() {
        let level = exceptionLevel == 0 ? 0 : 1
        let bank = banks[currentBank]
        let rest = state[VCPUState.pstateRest]
        let dataLevel = level == 1 && rest & PSTATEBits.pan != 0 ? 2 : level
        state[VCPUState.readTLB] = UInt64(UInt(bitPattern: bank.tlb(level: dataLevel)))
        let unprivilegedLevel = actsAsEL0WhenUnprivileged ? 0 : dataLevel
        state[VCPUState.unprivilegedTLB] = UInt64(UInt(bitPattern: bank.tlb(level: unprivilegedLevel)))
        state[VCPUState.jumpCache] = UInt64(UInt(bitPattern: bank.jumps(level: level)))
        // SCTLR_EL1.SA is bit 3, SA0 bit 4.
        let checksAlignment = system.sctlr_el1 >> (level == 0 ? 4 : 3) & 1
        state[VCPUState.stackAlignmentMask] = checksAlignment * 15
        selectFloatingPointAccess()
    }

    /// Drops all translations of this vCPU, in every context: for TLBI of all entries and writes of TCR, SCTLR or MAIR.
    package func flushTranslations() {
        for bank in 0..<TranslationBank.bankCount where banks[bank].isInUse {
            if bank == currentBank { banks[bank].flush() } else { banks[bank].isInUse = false }
        }
        selectTranslationLevel()
    }

    /// Drops this vCPU's translations of the page of `va`, in every context.
    package func flushTranslations(va: UInt64) {
        for bank in 0..<TranslationBank.bankCount where banks[bank].isInUse { banks[bank].flush(va: va) }
    }

    func flushJumpCaches() {
        for bank in 0..<TranslationBank.bankCount where banks[bank].isInUse { banks[bank].flushJumps() }
    }
}

extension CPUCluster {
    /// Drops all translations of all vCPUs, for the inner-shareable forms of TLBI.
    package func flushTranslations() {
        for vcpu in vcpus { vcpu.flushTranslations() }
    }

    /// Drops the translations of the page of `va` on all vCPUs.
    package func flushTranslations(va: UInt64) {
        for vcpu in vcpus { vcpu.flushTranslations(va: va) }
    }
}
