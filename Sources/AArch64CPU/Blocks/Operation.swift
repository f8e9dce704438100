/// One decoded operation, of 16 bytes.
///
/// A handler loads only the fields it uses.
///
/// Registers are slots of ``VCPUState``: the decoder has already chosen between SP, XZR as source and XZR as
/// destination.
struct Operation {
    var opcode: Opcode
    /// The destination slot, or the source slot of a store.
    var rd: UInt8 = 0
    var rn: UInt8 = 0
    var rm: UInt8 = 0
    /// The third source, a bit position or a shift type, depending on the opcode.
    var ra: UInt8 = 0
    /// A shift amount or a condition, depending on the opcode.
    var shift: UInt8 = 0
    /// The index in the block of the instruction that the operation is part of.
    var index: UInt8 = 0
    var immediate: UInt64 = 0

    init(
        _ opcode: Opcode, rd: Int = VCPUState.discard, rn: Int = VCPUState.zero, rm: Int = VCPUState.zero, ra: Int = 0,
        shift: Int = 0, immediate: UInt64 = 0
    ) {
        self.opcode = opcode
        self.rd = UInt8(truncatingIfNeeded: rd)
        self.rn = UInt8(truncatingIfNeeded: rn)
        self.rm = UInt8(truncatingIfNeeded: rm)
        self.ra = UInt8(truncatingIfNeeded: ra)
        self.shift = UInt8(truncatingIfNeeded: shift)
        self.immediate = immediate
    }
}

typealias OperationPointer = UnsafeMutablePointer<Operation>
