import AArch64

/// Executes one floating-point or Advanced SIMD instruction that accesses registers only.
///
/// It is a C function, so that an operation can hold its address, and decodes its operands from the instruction word.
/// `state` is the vCPU's ``VCPUState``, read through ``VectorState``. It takes no exception: FPCR's trap enables are
/// not implemented, and an earlier operation has checked CPACR_EL1.
typealias VectorHandler = @convention(c) (_ state: UnsafeMutableRawPointer, _ word: UInt32) -> Void

/// The handlers of all instructions, looked up when a block is decoded.
struct VectorHandlers: @unchecked Sendable {
    // SAFETY: written once, before the only instance is published, and never freed.
    private let table: UnsafePointer<VectorHandler?>
    private static let first = Instruction.scvtfFixedPoint.rawValue
    private static let last = Instruction.sm4ekey.rawValue

    static let shared = VectorHandlers()

    /// The handlers of a group of instructions.
    typealias Rows = [(Instruction, VectorHandler)]

    private init() {
        let count = Int(Self.last - Self.first) + 1
        let table = UnsafeMutablePointer<VectorHandler?>.allocate(capacity: count)
        table.initialize(repeating: nil, count: count)
        for (instruction, handler) in Self.allRows {
            table[Int(instruction.rawValue - Self.first)] = handler
        }
        self.table = UnsafePointer(table)
    }

    /// Returns the handler of an instruction; nil if it is not a vector instruction or not implemented.
    func handler(for instruction: Instruction) -> VectorHandler? {
        guard (Self.first...Self.last).contains(instruction.rawValue) else { return nil }
        return table[Int(instruction.rawValue - Self.first)]
    }

    /// All rows; the groups are in separate files named after the manual's sections.
    static var allRows: Rows { floatingPointRows + integerVectorRows }
}

extension Operation {
    /// Makes an operation that calls the handler with the instruction word.
    ///
    /// The word takes the place of the register fields.
    static func vector(_ handler: VectorHandler, word: UInt32) -> Operation {
        Operation(
            .vector, rd: Int(word & 0xFF), rn: Int(word >> 8 & 0xFF), rm: Int(word >> 16 & 0xFF), ra: Int(word >> 24),
            immediate: UInt64(UInt(bitPattern: unsafeBitCast(handler, to: UnsafeRawPointer.self))))
    }
}

extension Frame {
    /// Executes a ``Opcode/vector`` operation.
    @inline(__always)
    func callVectorHandler() {
        // The four register fields hold the word, lowest byte first: see `Operation.vector`.
        let fields = (p.pointee.rd, p.pointee.rn, p.pointee.rm, p.pointee.ra)
        let word =
            UInt32(fields.0) | UInt32(fields.1) &<< 8 | UInt32(fields.2) &<< 16 | UInt32(fields.3) &<< 24
        // SAFETY: `Operation.vector` stored the address of a handler there.
        let address = UnsafeRawPointer(bitPattern: UInt(immediate)).unsafelyUnwrapped
        unsafeBitCast(address, to: VectorHandler.self)(UnsafeMutableRawPointer(x), word)
    }
}
