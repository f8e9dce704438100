package import AArch64

/// A system register of the architecture as this CPU implements it.
///
/// Access and gate are from the architecture's table; storage, mask and effect are specific to this CPU.
package struct ImplementedRegister: Sendable {
    /// The source of a register's value.
    package enum Storage: Sendable {
        /// A field of ``SystemRegisters``, by its byte offset.
        case field(Int)
        /// A fixed value; permitted writes have no effect.
        case constant(UInt64)
        /// Other state, or a computed value.
        case special(SpecialRegister)
    }

    /// The effect of a write beyond the new value.
    package enum Effect: UInt8, Sendable {
        /// No further effect.
        case none
        /// Earlier translations become invalid (SCTLR_EL1, TCR_EL1, MAIR_EL1).
        case regime
        /// The address space of the lower address range changes (TTBR0_EL1).
        case addressSpace
        /// The address space of the upper address range changes (TTBR1_EL1); the old value is kept for the debugger.
        case upperAddressSpace
        /// Traps of FP and AdvSIMD instructions may start or end (CPACR_EL1).
        case floatingPointAccess
    }

    /// The register's op0, op1, CRn, CRm and op2.
    package var encoding: SystemRegisterEncoding
    /// The accesses permitted at EL1.
    package var access: SystemRegister.Access
    /// The accesses permitted at EL0, subject to `gate`.
    package var el0Access: SystemRegister.Access
    /// The control that permits or traps accesses at EL0.
    package var gate: SystemRegister.EL0Gate
    /// The source of the register's value.
    package var storage: Storage
    /// The bits that a write changes; the rest keep their value, which is RES0 or RES1.
    package var writable: UInt64
    /// The effect of a write beyond the new value.
    package var effect: Effect
}

/// Registers whose value is computed, or kept elsewhere than in a field of ``SystemRegisters``.
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

/// All system registers of a CPU model, by encoding.
///
/// An encoding that is not included is UNDEFINED, except those of the GIC CPU interface, which go to the environment.
/// The rows are reached through pointers because every MRS and MSR of the guest reads one, and copying a row costs
/// more than the rest of the access.
// SAFETY: both allocations are written before an instance is published, and never written or freed after.
package struct ImplementedRegisters: @unchecked Sendable {
    private static let base = ImplementedRegisters(CPUModel.base.features)
    private static let max = ImplementedRegisters(CPUModel.max.features)

    /// Returns the registers of a model.
    package static func of(_ model: CPUModel) -> ImplementedRegisters {
        switch model {
        case .base: base
        case .max: max
        }
    }

    /// A register of the table.
    ///
    /// Valid for the lifetime of the process.
    package typealias Row = UnsafePointer<ImplementedRegister>

    /// All registers.
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

    /// Returns the row for `encoding`; nil when the CPU has no such register.
    package func row(for encoding: SystemRegisterEncoding) -> Row? {
        guard encoding.rawValue & 0x8000 != 0 else { return nil }
        let position = index[Int(encoding.rawValue & 0x7FFF)]
        return position == 0 ? nil : rows.baseAddress.map { $0 + (Int(position) - 1) }
    }

    /// Whether `encoding` is a register of the GIC's CPU interface (ICC_*, EL1 only), which the environment implements.
    package static func isInterruptController(_ encoding: SystemRegisterEncoding) -> Bool {
        // ICC_PMR_EL1 is S3_0_C4_C6_0, the rest S3_0_C12_C8_0 to S3_0_C12_C15_7.
        encoding.rawValue == 0xC230 || encoding.rawValue & 0xFFC0 == 0xC640
    }
}
