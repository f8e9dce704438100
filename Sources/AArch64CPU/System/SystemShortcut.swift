import AArch64

/// What a system instruction comes to at EL1h, where nothing can stand in its way.
///
/// A kernel reads its current task and masks its interrupts all the time; an engine that finds PSTATE.M to be EL1h may
/// do just this, and otherwise executes the instruction in full.
package enum SystemShortcut: Equatable, Sendable {
    /// X`register` receives the doubleword at a byte offset into ``SystemRegisters``; 31 is XZR.
    case load(register: Int, field: Int)
    /// The doubleword receives X`register`.
    case store(register: Int, field: Int)
    /// PSTATE gains these of D, A, I and F.
    case setMasks(UInt64)
    /// PSTATE loses them; an interrupt that is pending then is looked at before the next instruction.
    case clearMasks(UInt64)

    /// The shortcut for an instruction word, nil when it has none.
    package init?(_ word: UInt32) {
        let encoding = SystemRegisterEncoding(instruction: word)
        let register = Int(word & 31)
        switch word & 0xFFF0_0000 {
        case 0xD530_0000:
            guard let field = Self.field(encoding, write: false) else { return nil }
            self = .load(register: register, field: field)
        case 0xD510_0000:
            guard let field = Self.field(encoding, write: true) else { return nil }
            self = .store(register: register, field: field)
        case 0xD500_0000:
            let masks = UInt64(word >> 8 & 0xF) << 6
            switch word & 0xFFFF_F0FF {
            case 0xD503_40DF: self = .setMasks(masks)
            case 0xD503_40FF: self = .clearMasks(masks)
            default: return nil
            }
        default: return nil
        }
    }

    private static func field(_ encoding: SystemRegisterEncoding, write: Bool) -> Int? {
        // At EL1h it is SP_EL0 that is banked out.
        if encoding == .spEL0 { return MemoryLayout<SystemRegisters>.offset(of: \SystemRegisters.sp_el0) }
        return ImplementedRegisters.shared.plainField(encoding, write: write)
    }
}
