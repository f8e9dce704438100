/// The register and memory writes that hide from the guest that a step ran with bits of RFLAGS changed.
public struct StepFixUp: Hashable, Sendable {
    /// The bits of RFLAGS that the debugger controls during the step.
    public enum Borrowed: Hashable, Sendable, CaseIterable {
        /// TF, which is set.
        case trap
        /// TF, which is set, and IF, which is clear because the hypervisor cannot hold interrupts back.
        case trapAndInterrupt

        /// The mask of the bits.
        public var bits: UInt64 { self == .trap ? RFLAGS.trap : RFLAGS.trap | RFLAGS.interrupt }
    }

    /// The state of the guest before the step.
    public struct Before: Hashable, Sendable {
        /// The RFLAGS of the guest.
        public var rflags: RFLAGS
        /// The current privilege level (CPL).
        public var cpl: Int
        /// The value of IA32_FMASK.
        public var sfmask: UInt64
        /// The value of R11.
        public var r11: UInt64
        /// The value on the stack that ``StepClass/popsFlags(size:)`` or ``StepClass/interruptReturn(size:)`` loads
        /// into RFLAGS.
        public var loadedFlags: UInt64
        /// The gate in the IDT that ``StepClass/softwareInterrupt(vector:)`` uses.
        public var gate: Gate

        /// Creates a state; values that the class of the instruction does not need can be omitted.
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

    /// The value to write to RFLAGS.
    public var rflags: RFLAGS
    /// The value to write to R11, or nil if R11 is already correct.
    public var r11: UInt64?
    /// The offset of the pushed RFLAGS from the new stack pointer, in bytes, or nil if RFLAGS was not pushed.
    public var pushedFlagsOffset: Int?
    /// The mask of the bits of the pushed RFLAGS to correct.
    public var pushedBits: UInt64
    /// The values of the bits in ``pushedBits``.
    public var pushedValue: UInt64

    /// Returns the writes that are necessary after the instruction was executed.
    ///
    /// - Parameters:
    ///   - instruction: the class of the instruction.
    ///   - borrowed: the bits that the debugger controlled during the step.
    ///   - after: RFLAGS after the step; the values of the borrowed bits are ignored.
    ///   - r11: R11 after the step.
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

    /// Returns the writes that are necessary after an exception was taken or an INT n was executed.
    ///
    /// The CPU has pushed RFLAGS in the stack frame.
    ///
    /// - Parameter hasErrorCode: whether the stack frame has an error code below RIP.
    public static func taken(
        by gate: Gate, hasErrorCode: Bool = false, before: Before, borrowed: Borrowed, after: RFLAGS
    ) -> StepFixUp {
        let bits = borrowed.bits
        // Every gate clears TF; interrupt gates also clear IF (SDM volume 3A, 6.12.1.3).
        let cleared = gate.isTrapGate ? RFLAGS.trap : RFLAGS.trap | RFLAGS.interrupt
        let own = before.rflags.rawValue
        var result = StepFixUp(
            rflags: after.taking(bits, from: own & ~cleared), r11: nil, pushedFlagsOffset: nil, pushedBits: 0,
            pushedValue: 0)
        // The frame has RIP, CS and RFLAGS from the stack pointer up (6.14.2).
        result.pushed(at: (hasErrorCode ? 3 : 2) * gate.fieldSize, bits, own)
        return result
    }

    /// Sets the correction of the pushed RFLAGS.
    private mutating func pushed(at offset: Int, _ bits: UInt64, _ own: UInt64) {
        pushedFlagsOffset = offset
        pushedBits = bits
        pushedValue = own & bits
    }

    /// Returns RFLAGS as POPF and IRET load it: IF does not change if CPL is greater than IOPL.
    private static func loaded(_ before: Before) -> UInt64 {
        guard before.cpl > before.rflags.ioPrivilegeLevel else { return before.loadedFlags }
        return before.loadedFlags & ~RFLAGS.interrupt | before.rflags.rawValue & RFLAGS.interrupt
    }
}
