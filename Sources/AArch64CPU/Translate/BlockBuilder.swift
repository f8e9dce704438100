import AArch64

/// Writes the operations of one block, instruction by instruction.
struct BlockBuilder {
    /// No instruction becomes more than six operations, and the block's end is one.
    static let maximumOperations = 6 * Block.maximumLength + 1

    let block: BlockPointer
    let operations: OperationPointer
    private(set) var count = 0
    /// How many instructions are in the block.
    private(set) var length = 0
    /// Whether SP is known to be a multiple of 16, since a check or from what was done to it.
    var isStackAligned = false
    /// Whether an earlier instruction has asked whether FP and AdvSIMD are trapped.
    var isFloatingPointChecked = false
    /// The operations before this one belong to earlier instructions.
    private var instructionStart = 0

    private let features: ArchitectureFeatures

    init(block: BlockPointer, features: ArchitectureFeatures) {
        self.block = block
        self.features = features
        operations = block.operations
    }

    /// The virtual address of the instruction being translated.
    var address: UInt64 { block.pointee.virtualAddress &+ 4 &* UInt64(length) }

    mutating func emit(_ operation: Operation) {
        operations[count] = operation
        operations[count].index = UInt8(truncatingIfNeeded: length)
        count += 1
    }

    /// The only operation of the instruction in front, if it had just one: what may be merged with.
    var previous: OperationPointer? {
        count == instructionStart && count > 0 && operations[count - 1].index == UInt8(truncatingIfNeeded: length - 1)
            ? operations + (count - 1) : nil
    }

    /// Translates one instruction.
    ///
    /// True when the block ends with it.
    mutating func translate(_ word: UInt32) -> Bool {
        instructionStart = count
        let instruction = decode(word, features: self.features)
        let ends =
            if instruction.rawValue <= Instruction.extr.rawValue {
                translateDataProcessingImmediate(instruction, word)
            } else if instruction.rawValue < Instruction.stxr.rawValue {
                translateBranchOrSystem(instruction, word)
            } else if instruction.rawValue < Instruction.andShiftedRegister.rawValue {
                translateLoadOrStore(instruction, word)
            } else if instruction.rawValue < Instruction.stnpSIMD.rawValue {
                translateDataProcessingRegister(instruction, word)
            } else if instruction.rawValue < Instruction.scvtfFixedPoint.rawValue {
                translateVectorLoadOrStore(instruction, word)
            } else if instruction.rawValue <= Instruction.sm4ekey.rawValue {
                translateVector(instruction, word)
            } else {
                translateExtension(instruction, word)
            }
        length += 1
        return ends
    }

    /// What later versions of the architecture added.
    private mutating func translateExtension(_ instruction: Instruction, _ word: UInt32) -> Bool {
        (Instruction.xpaclri.rawValue...Instruction.ldrab.rawValue).contains(instruction.rawValue)
            ? translatePointerAuthentication(instruction, word) : undefined()
    }

    /// Completes the block; `ends` says whether its last instruction ends it by itself.
    mutating func finish(ends: Bool) {
        if !ends {
            emit(Operation(.endOfBlock))
            operations[count - 1].index = UInt8(truncatingIfNeeded: max(length - 1, 0))
        }
        block.pointee.count = UInt64(length)
    }

    /// Ends the block with something that is not an instruction's: a breakpoint.
    mutating func finishWithBreakpoint() {
        emit(Operation(.breakpoint))
        length = 1
        block.pointee.count = 1
    }

    mutating func undefined() -> Bool {
        emit(Operation(.undefined))
        return true
    }

    // Register fields as slots.

    /// A register that is read, 31 being XZR: the slot of that number.
    func source(_ word: UInt32, _ low: UInt32) -> Int { word.register(low) }

    /// A register that is written, 31 being XZR.
    func destination(_ word: UInt32, _ low: UInt32) -> Int {
        let number = word.register(low)
        return number == 31 ? VCPUState.discard : number
    }

    /// A register that is read or written, 31 being SP.
    func withStackPointer(_ word: UInt32, _ low: UInt32) -> Int {
        let number = word.register(low)
        return number == 31 ? VCPUState.stackPointer : number
    }
}
