import AArch64

/// Writes the operations of one block, one instruction after another.
struct BlockBuilder {
    /// The maximum number of operations in a block: six for each instruction, and one for the block's end.
    static let maximumOperations = 6 * Block.maximumLength + 1

    let block: BlockPointer
    let operations: OperationPointer
    private(set) var count = 0
    /// The number of instructions translated.
    private(set) var length = 0
    /// Whether SP is known to be a multiple of 16, from a check or from the operations on it.
    var isStackAligned = false
    /// Whether an earlier instruction of the block has checked whether FP and AdvSIMD are trapped.
    var isFloatingPointChecked = false
    /// The index of the current instruction's first operation.
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

    /// The only operation of the previous instruction, nil if it has several; a candidate for merging.
    var previous: OperationPointer? {
        count == instructionStart && count > 0 && operations[count - 1].index == UInt8(truncatingIfNeeded: length - 1)
            ? operations + (count - 1) : nil
    }

    /// Translates one instruction; true when the block ends with it.
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

    /// Translates instructions of later versions of the architecture.
    private mutating func translateExtension(_ instruction: Instruction, _ word: UInt32) -> Bool {
        (Instruction.xpaclri.rawValue...Instruction.ldrab.rawValue).contains(instruction.rawValue)
            ? translatePointerAuthentication(instruction, word) : undefined()
    }

    /// Completes the block; `ends` is true if its last instruction already ends it.
    mutating func finish(ends: Bool) {
        if !ends {
            emit(Operation(.endOfBlock))
            operations[count - 1].index = UInt8(truncatingIfNeeded: max(length - 1, 0))
        }
        block.pointee.count = UInt64(length)
    }

    /// Ends the block with a breakpoint, which is not an instruction.
    mutating func finishWithBreakpoint() {
        emit(Operation(.breakpoint))
        length = 1
        block.pointee.count = 1
    }

    mutating func undefined() -> Bool {
        emit(Operation(.undefined))
        return true
    }

    // Register fields as state slots.

    /// Returns the slot of a source register, where 31 is XZR.
    func source(_ word: UInt32, _ low: UInt32) -> Int { word.register(low) }

    /// Returns the slot of a destination register, where 31 is XZR.
    func destination(_ word: UInt32, _ low: UInt32) -> Int {
        let number = word.register(low)
        return number == 31 ? VCPUState.discard : number
    }

    /// Returns the slot of a source or destination register, where 31 is SP.
    func withStackPointer(_ word: UInt32, _ low: UInt32) -> Int {
        let number = word.register(low)
        return number == 31 ? VCPUState.stackPointer : number
    }
}
