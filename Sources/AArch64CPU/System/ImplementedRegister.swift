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
        /// The address space of one half changes (TTBR0_EL1, TTBR1_EL1).
        case addressSpace
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
    case oslar, oslsr, claimSet, claimClear
    case physicalCount, virtualCount
    case physicalTimerValue, physicalControl, physicalCompareValue
    case virtualTimerValue, virtualControl, virtualCompareValue
}

/// Every system register the CPU has, found by encoding.
///
/// What is not here is UNDEFINED, but for the GIC CPU interface, which the environment answers for.
package final class ImplementedRegisters: Sendable {
    package static let shared = ImplementedRegisters()

    package let rows: [ImplementedRegister]
    /// For each encoding with op0 2 or 3, without its top bit: the row's index plus one, or zero.
    private let index: [UInt8]

    private init() {
        rows = Self.allRows
        var index = [UInt8](repeating: 0, count: 1 << 15)
        for (position, row) in rows.enumerated() {
            index[Int(row.encoding.rawValue & 0x7FFF)] = UInt8(position + 1)
        }
        self.index = index
    }

    /// The row for `encoding`; nil when no such register exists here.
    package func row(for encoding: SystemRegisterEncoding) -> ImplementedRegister? {
        guard encoding.rawValue & 0x8000 != 0 else { return nil }
        let position = index[Int(encoding.rawValue & 0x7FFF)]
        return position == 0 ? nil : rows[Int(position) - 1]
    }

    /// Where code that knows it runs at EL1 may load or store the register without asking, as a byte offset into
    /// ``SystemRegisters``; nil where a check, a mask or an effect is in the way.
    package func plainField(_ encoding: SystemRegisterEncoding, write: Bool) -> Int? {
        guard let row = row(for: encoding), case .field(let offset) = row.storage else { return nil }
        if write {
            guard row.access.canWrite, row.writable == .max, row.effect == .none else { return nil }
        } else {
            guard row.access.canRead else { return nil }
        }
        return offset
    }

    /// Whether the environment, which has the GIC's CPU interface, answers for `encoding` (ICC_*, EL1 only).
    package static func isInterruptController(_ encoding: SystemRegisterEncoding) -> Bool {
        // ICC_PMR_EL1 is S3_0_C4_C6_0, the rest S3_0_C12_C8_0 to S3_0_C12_C15_7.
        encoding.rawValue == 0xC230 || encoding.rawValue & 0xFFC0 == 0xC640
    }
}
