/// One decoded operation: 16 bytes, of which a handler loads what it needs.
///
/// Registers are slots of ``VCPUState``: the decoder has already chosen between SP, XZR for reading and XZR for writing.
struct Operation {
    var opcode: Opcode
    /// The slot written, or the one stored.
    var rd: UInt8 = 0
    var rn: UInt8 = 0
    var rm: UInt8 = 0
    /// The third source, a bit position, a shift type: what the opcode says.
    var ra: UInt8 = 0
    /// A shift amount or a condition.
    var shift: UInt8 = 0
    /// Which instruction of the block this belongs to.
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
