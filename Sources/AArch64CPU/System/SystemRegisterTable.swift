/// How one system register is reached and what a write may change.
package struct SystemRegisterRow: Sendable {
    /// Which instructions an exception level has for the register; one it lacks is UNDEFINED.
    package enum Access: UInt8, Sendable {
        case none, read, write, readWrite

        package func allows(_ direction: Direction) -> Bool {
            switch self {
            case .none: false
            case .read: direction == .read
            case .write: direction == .write
            case .readWrite: true
            }
        }
    }

    package enum Direction: UInt8, Sendable { case read, write }

    /// The control bit that lets EL0 use the register; a closed gate is a trap to EL1 with EC 0x18.
    package enum Gate: UInt8, Sendable {
        case open
        /// SCTLR_EL1.UCT and UMA.
        case uct, uma
        /// CNTKCTL_EL1; CNTFRQ_EL0 asks for either counter's bit.
        case physicalCounter, virtualCounter, eitherCounter, physicalTimer, virtualTimer
        /// MDSCR_EL1.TDCC, which closes where the others open.
        case debugChannel
        /// CPACR_EL1.FPEN, for EL1 as well, with EC 0x07; UNDEFINED where FP is not offered.
        case floatingPoint
    }

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
        /// Translations made before don't hold any more (SCTLR_EL1, TCR_EL1, MAIR_EL1).
        case regime
        /// The address space of one half changes (TTBR0_EL1, TTBR1_EL1); TLB entries are tagged by ASID.
        case addressSpace
        /// Instructions decoded before may trap now or cease to (CPACR_EL1).
        case traps
    }

    package var encoding: UInt16
    package var name: StaticString
    package var el1: Access
    package var el0: Access
    package var gate: Gate
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

/// Every system register the CPU has, found by its 16-bit encoding op0:op1:CRn:CRm:op2.
///
/// What is not here is UNDEFINED, but for the GIC CPU interface, which the environment answers for.
package final class SystemRegisterTable: Sendable {
    package static let shared = SystemRegisterTable()

    package let rows: [SystemRegisterRow]
    /// For each encoding with op0 2 or 3, without its top bit: the row's index plus one, or zero.
    private let index: [UInt8]

    private init() {
        rows = Self.allRows
        var index = [UInt8](repeating: 0, count: 1 << 15)
        for (position, row) in rows.enumerated() {
            index[Int(row.encoding & 0x7FFF)] = UInt8(position + 1)
        }
        self.index = index
    }

    /// The row for `encoding`; nil when no such register exists here.
    package func row(for encoding: UInt16) -> SystemRegisterRow? {
        guard encoding & 0x8000 != 0 else { return nil }
        let position = index[Int(encoding & 0x7FFF)]
        return position == 0 ? nil : rows[Int(position) - 1]
    }

    /// Where code that knows it runs at EL1h may load or store the register without asking, as a byte offset into
    /// ``SystemRegisters``; nil where a check, a mask or an effect is in the way.
    package func plainField(_ encoding: UInt16, _ direction: SystemRegisterRow.Direction) -> Int? {
        guard let row = row(for: encoding), row.el1.allows(direction), row.gate != .floatingPoint else { return nil }
        guard case .field(let offset) = row.storage else { return nil }
        if direction == .write {
            guard row.writable == .max, row.effect == .none else { return nil }
        }
        return offset
    }

    /// Whether the environment, which has the GIC's CPU interface, answers for `encoding` (ICC_*, EL1 only).
    package static func isInterruptController(_ encoding: UInt16) -> Bool {
        // S3_0_C4_C6_0 is ICC_PMR_EL1, S3_0_C12_C8_0 to S3_0_C12_C15_7 the rest.
        encoding == 0xC230 || encoding & 0xFFC0 == 0xC640
    }
}

/// The 16-bit encoding of a system register or SYS instruction, op0 in the top two bits.
package func systemEncoding(_ op0: UInt16, _ op1: UInt16, _ crn: UInt16, _ crm: UInt16, _ op2: UInt16) -> UInt16 {
    op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2
}
