package import AArch64
import GuestAddresses

/// A translation regime computed from system registers, with the values it was computed from.
///
/// Comparing five words on a TLB miss costs less than having every register write drop the regime.
struct CachedRegime: Sendable {
    private var registers: (sctlr: UInt64, tcr: UInt64, ttbr0: UInt64, ttbr1: UInt64, mair: UInt64)
    private(set) var regime: TranslationRegime

    init(_ system: SystemRegisters, features: ArchitectureFeatures) {
        registers = (
            system.sctlr_el1, system.tcr_el1, system.ttbr0_el1, system.ttbr1_el1, system.mair_el1
        )
        regime = TranslationRegime(
            sctlr: SCTLR(rawValue: registers.sctlr), tcr: TCR(rawValue: registers.tcr), ttbr0: registers.ttbr0,
            ttbr1: registers.ttbr1, mair: registers.mair, features: features,
            physicalAddressBits: IdentificationRegisters.physicalAddressBits)
    }

    func isCurrent(_ system: SystemRegisters) -> Bool {
        registers.ttbr0 == system.ttbr0_el1 && registers.ttbr1 == system.ttbr1_el1
            && registers.sctlr == system.sctlr_el1 && registers.tcr == system.tcr_el1
            && registers.mair == system.mair_el1
    }
}

extension VCPU {
    /// The EL1&0 stage 1 regime of the current registers, also for the debugger's table walks.
    package var translationRegime: TranslationRegime {
        if let cached = cachedRegime, cached.isCurrent(system) { return cached.regime }
        let fresh = CachedRegime(system, features: cluster.features)
        cachedRegime = fresh
        return fresh.regime
    }

    /// Translates for the TLB.
    ///
    /// Table descriptors are read from RAM only; any other address is an external abort on the walk.
    func translate(_ va: UInt64, _ access: MemoryAccess) throws(MemoryFault) -> Translation {
        let memory = cluster.memory
        var architectural = access.architectural
        // PAN denies EL1 the pages that EL0 may access, except to the instructions with the permissions of EL0.
        architectural.pan = access.kind != .fetch && state[VCPUState.pstateRest] & PSTATEBits.pan != 0
        let result: AArch64.Translation
        do throws(TranslationFault) {
            result = try translationRegime.translate(VirtualAddress(va), access: architectural) {
                memory.load64($0.rawValue)
            }
        } catch {
            throw MemoryFault(status: error.statusCode, virtualAddress: va)
        }
        let read: PagePermissions = access.isUnprivileged ? .el0Read : .el1Read
        let write: PagePermissions = access.isUnprivileged ? .el0Write : .el1Write
        return Translation(
            physical: result.physicalAddress.rawValue, blockShift: Int(result.blockBits),
            isReadable: result.permissions.contains(read), isWritable: result.permissions.contains(write),
            isDevice: result.attributes.isDevice)
    }

    /// Returns the address with a top byte that TBI ignores replaced by copies of bit 55.
    func canonicalAddress(_ va: UInt64, isFetch: Bool) -> UInt64 {
        // With TBI0 and TBI1 clear, bits 37 and 38, no top byte is ignored.
        guard system.tcr_el1 >> 37 & 3 != 0 else { return va }
        return isFetch ? translationRegime.branchTarget(va) : translationRegime.untagged(va)
    }

    /// Executes AT, which writes the result of the translation to PAR_EL1 but takes an external abort on the walk.
    ///
    /// Arm ARM, PAR_EL1: bit 11 is RES1; PA, ATTR and SH if F is clear, the fault status in FST if F is set.
    func translateAddress(_ va: UInt64, _ access: MemoryAccess) -> SystemOutcome {
        let memory = cluster.memory
        var descriptor: UInt64 = 0
        do throws(TranslationFault) {
            let result = try translationRegime.translate(VirtualAddress(va), access: access.architectural) { place in
                let value = memory.load64(place.rawValue)
                descriptor = value ?? 0
                return value
            }
            // Device and Non-cacheable memory are Outer Shareable, whatever the descriptor has.
            let isOuterShareable = result.attributes.isDevice || result.attributes == .normalNonCacheable
            let shareability = isOuterShareable ? 0b10 : descriptor >> 8 & 3
            system.par_el1 =
                UInt64(result.attributes.rawValue) << 56 | result.physicalAddress.rawValue & 0x0000_FFFF_FFFF_F000
                | Self.parRES1 | shareability << 7
        } catch {
            if error.kind == .externalAbortOnWalk {
                let fault = MemoryFault(status: error.statusCode, virtualAddress: va)
                return abort(fault, isWrite: true, isCacheMaintenance: true)
            }
            system.par_el1 = Self.parRES1 | UInt64(error.statusCode) << 1 | 1
        }
        return .next
    }

    private static let parRES1: UInt64 = 1 << 11
}

extension MemoryAccess {
    /// The access as the architecture's type for the permission check.
    var architectural: AArch64.MemoryAccess {
        let kind: AArch64.MemoryAccess.Kind =
            switch self.kind {
            case .read: .read
            case .write: .write
            case .fetch: .fetch
            }
        return AArch64.MemoryAccess(kind, isPrivileged: !isUnprivileged)
    }
}
