package import AArch64

/// How this CPU keeps one of the architecture's system registers, and who may reach it.
///
/// Access and gate come from the architecture's table; storage, mask and effect are this CPU's own.
package struct ImplementedRegister: Sendable {
    package enum Storage: Sendable {
        /// Byte offset of a field of ``SystemRegisters``.
        case field(Int)
        /// Reads as this; writes, where they are allowed, do nothing.
        case constant(UInt64)
        case special(SpecialRegister)
    }

    /// What else a write does, apart from the value.
    package enum Effect: UInt8, Sendable {
        case none
        /// Translations made before don't hold any more (SCTLR_EL1, TCR_EL1).
        case regime
        /// The address space of the lower half changes (TTBR0_EL1).
        case addressSpace
        /// The address space of the upper half changes (TTBR1_EL1), and the debugger may ask what it was.
        case upperAddressSpace
        /// FP and AdvSIMD become trapped or not (CPACR_EL1).
        case floatingPointAccess
    }

    package var encoding: SystemRegisterEncoding
    package var access: SystemRegister.Access
    package var el0Access: SystemRegister.Access
    package var gate: SystemRegister.EL0Gate
    package var storage: Storage
    /// The bits a write changes; the others keep their value, which is RES0 or RES1.
    package var writable: UInt64
    package var effect: Effect
}

/// Registers that are computed, or that live in other state.
package enum SpecialRegister: UInt8, Sendable {
    case nzcv, daif, currentEL, spSel, spEL0, fpcr, fpsr, isr, ccsidr, dczid, mdscr
    case pan, uao, dit
    case oslar, oslsr, claimSet, claimClear
    case physicalCount, virtualCount
    case physicalTimerValue, physicalControl, physicalCompareValue
    case virtualTimerValue, virtualControl, virtualCompareValue
    case monitorControl, monitorEnableSet, monitorEnableClear, monitorOverflowSet, monitorOverflowClear
    case monitorInterruptSet, monitorInterruptClear, cycleCount, selectedEventType
}

/// Every system register a CPU of some model has, found by encoding.
///
/// What is not here is UNDEFINED, but for the GIC CPU interface, which the environment answers for.
/// Behind pointers: every MRS and MSR of the guest comes here, and a copied row costs more than all the rest.
// SAFETY: both allocations are written before an instance is published, and never written or freed after.
package struct ImplementedRegisters: @unchecked Sendable {
    private static let base = ImplementedRegisters(CPUModel.base.features)
    private static let max = ImplementedRegisters(CPUModel.max.features)

    package static func of(_ model: CPUModel) -> ImplementedRegisters {
        switch model {
        case .base: base
        case .max: max
        }
    }

    package typealias Row = UnsafePointer<ImplementedRegister>

    package let rows: UnsafeBufferPointer<ImplementedRegister>
    /// For each encoding with op0 2 or 3, without its top bit: the row's index plus one, or zero.
    private let index: UnsafePointer<UInt16>

    private init(_ features: ArchitectureFeatures) {
        let all = Self.rows(for: features)
        let rows = UnsafeMutableBufferPointer<ImplementedRegister>.allocate(capacity: all.count)
        _ = rows.initialize(from: all)
        self.rows = UnsafeBufferPointer(rows)
        let index = UnsafeMutablePointer<UInt16>.allocate(capacity: 1 << 15)
        index.initialize(repeating: 0, count: 1 << 15)
        for (position, row) in all.enumerated() {
            index[Int(row.encoding.rawValue & 0x7FFF)] = UInt16(position + 1)
        }
        self.index = UnsafePointer(index)
    }

    /// The row for `encoding`; nil when no such register exists here.
    package func row(for encoding: SystemRegisterEncoding) -> Row? {
        guard encoding.rawValue & 0x8000 != 0 else { return nil }
        let position = index[Int(encoding.rawValue & 0x7FFF)]
        return position == 0 ? nil : rows.baseAddress.map { $0 + (Int(position) - 1) }
    }

    /// Whether the environment, which has the GIC's CPU interface, answers for `encoding` (ICC_*, EL1 only).
    package static func isInterruptController(_ encoding: SystemRegisterEncoding) -> Bool {
        // ICC_PMR_EL1 is S3_0_C4_C6_0, the rest S3_0_C12_C8_0 to S3_0_C12_C15_7.
        encoding.rawValue == 0xC230 || encoding.rawValue & 0xFFC0 == 0xC640
    }
}
