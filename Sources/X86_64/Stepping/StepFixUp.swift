/// What to write after a step that was made with borrowed bits of RFLAGS, so that the guest can't tell.
public struct StepFixUp: Hashable, Sendable {
    /// What the debugger had for the time of the step: TF, and IF where interrupts can't be held off outside the guest.
    public enum Borrowed: Hashable, Sendable, CaseIterable {
        case trap
        case trapAndInterrupt

        public var bits: UInt64 { self == .trap ? RFLAGS.trap : RFLAGS.trap | RFLAGS.interrupt }
    }

    /// What is known before the step.
    public struct Before: Hashable, Sendable {
        /// The guest's own RFLAGS.
        public var rflags: RFLAGS
        /// The current privilege level.
        public var cpl: Int
        /// IA32_FMASK.
        public var sfmask: UInt64
        public var r11: UInt64
        /// For ``StepClass/popsFlags(size:)`` and ``StepClass/interruptReturn(size:)``: what will be loaded into RFLAGS.
        public var loadedFlags: UInt64
        /// The gate in the IDT for ``StepClass/softwareInterrupt(vector:)``.
        public var gate: Gate

        public init(
            rflags: RFLAGS, cpl: Int, sfmask: UInt64 = 0, r11: UInt64 = 0, loadedFlags: UInt64 = 0,
            gate: Gate = .interrupt64
        ) {
            self.rflags = rflags
            self.cpl = cpl
            self.sfmask = sfmask
            self.r11 = r11
            self.loadedFlags = loadedFlags
            self.gate = gate
        }
    }

    /// The value RFLAGS must have.
    public var rflags: RFLAGS
    /// The value R11 must have; nil: right as it is.
    public var r11: UInt64?
    /// Where the stack has RFLAGS with the borrowed bits: bytes above the new stack pointer; nil: nowhere.
    public var pushedFlagsOffset: Int?
    /// The bits to put right in there, and what they must be.
    public var pushedBits: UInt64
    public var pushedValue: UInt64

    /// Works out what must be put right after an instruction that was executed.
    ///
    /// - Parameters:
    ///   - after: RFLAGS as the vCPU has it now, with the borrowed bits in whatever state.
    ///   - r11: likewise.
    public static func after(
        _ instruction: StepClass, before: Before, borrowed: Borrowed, after: RFLAGS, r11: UInt64
    ) -> StepFixUp {
        let bits = borrowed.bits
        let own = before.rflags.rawValue
        var result = StepFixUp(
            rflags: after.taking(bits, from: own), r11: nil, pushedFlagsOffset: nil, pushedBits: 0, pushedValue: 0)
        switch instruction {
        case .plain, .waits, .blocksTraps, .repeats: break
        case .pushesFlags:
            result.pushed(at: 0, bits, own)
        case .popsFlags, .interruptReturn:
            result.rflags = after.taking(bits, from: loaded(before))
        case .systemCall:
            result.rflags = after.taking(bits, from: own & ~before.sfmask)
            result.r11 = r11 & ~bits | own & bits
        case .systemReturn:
            result.rflags = after.taking(bits, from: before.r11)
        case .systemEnter:
            result.rflags = after.taking(bits, from: own & ~RFLAGS.interrupt)
        case .clearsInterruptFlag:
            result.rflags = after.taking(bits, from: own & ~RFLAGS.interrupt)
        case .setsInterruptFlag:
            result.rflags = after.taking(bits, from: own | RFLAGS.interrupt)
        case .softwareInterrupt:
            result = taken(by: before.gate, before: before, borrowed: borrowed, after: after)
        }
        return result
    }

    /// What must be put right when an exception was taken instead, or an INT n was executed: the frame has RFLAGS.
    ///
    /// - Parameter hasErrorCode: whether the frame has an error code below RIP.
    public static func taken(
        by gate: Gate, hasErrorCode: Bool = false, before: Before, borrowed: Borrowed, after: RFLAGS
    ) -> StepFixUp {
        let bits = borrowed.bits
        // TF is cleared by every gate, IF by interrupt gates (SDM volume 3A, 6.12.1.3).
        let cleared = gate.isTrapGate ? RFLAGS.trap : RFLAGS.trap | RFLAGS.interrupt
        let own = before.rflags.rawValue
        var result = StepFixUp(
            rflags: after.taking(bits, from: own & ~cleared), r11: nil, pushedFlagsOffset: nil, pushedBits: 0,
            pushedValue: 0)
        // RIP, CS, RFLAGS from the stack pointer up (6.14.2).
        result.pushed(at: (hasErrorCode ? 3 : 2) * gate.fieldSize, bits, own)
        return result
    }

    private mutating func pushed(at offset: Int, _ bits: UInt64, _ own: UInt64) {
        pushedFlagsOffset = offset
        pushedBits = bits
        pushedValue = own & bits
    }

    /// RFLAGS' bits as POPF and IRET leave them: IF only changes for who may change it.
    private static func loaded(_ before: Before) -> UInt64 {
        guard before.cpl > before.rflags.ioPrivilegeLevel else { return before.loadedFlags }
        return before.loadedFlags & ~RFLAGS.interrupt | before.rflags.rawValue & RFLAGS.interrupt
    }
}
