/// A decoder and verifier of agent expressions.
struct AgentDecoder {
    typealias Instruction = AgentExpression.Instruction

    private let bytes: [UInt8]
    private(set) var instructions: [Instruction] = []
    private(set) var formats: [AgentFormat] = []
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Decodes the bytes into instructions and resolves the jumps.
    ///
    /// Unreachable bytes are decoded too: an expression consists of instructions from its first byte to its last.
    mutating func decode() throws(AgentError) {
        /// The index of the instruction at each offset; −1 within an instruction.
        var indices = [Int](repeating: -1, count: bytes.count)
        while position < bytes.count {
            indices[position] = instructions.count
            instructions.append(try nextInstruction())
        }
        for index in instructions.indices {
            let instruction = instructions[index]
            guard instruction.opcode == .goto || instruction.opcode == .ifGoto else { continue }
            let target = Int(instruction.operand)
            guard target < indices.count, indices[target] >= 0 else {
                throw AgentError(.jumpOutside, at: Int(instruction.offset))
            }
            instructions[index].operand = UInt64(indices[target])
        }
    }

    private mutating func nextInstruction() throws(AgentError) -> Instruction {
        let offset = position
        guard let opcode = AgentOpcode(rawValue: bytes[offset]) else {
            throw AgentError(.unknownOpcode, at: offset, "opcode \(bytes[offset])")
        }
        position += 1
        let operand = try number(opcode.row.operandBytes, of: offset)
        var instruction = Instruction(opcode: opcode, offset: UInt16(offset), operand: operand)
        switch opcode {
        case .signExtend, .zeroExtend:
            // A value of 0 bits is invalid.
            guard operand > 0 else { throw AgentError(.badOperand, at: offset, "0 bits") }
        case .print:
            let format = try format(of: offset)
            guard format.argumentCount <= Int(operand) else {
                throw AgentError(
                    .badFormat, at: offset, "it needs \(format.argumentCount) arguments and gets \(operand)")
            }
            instruction.count = UInt8(operand)
            instruction.operand = UInt64(formats.count)
            formats.append(format)
        default: break
        }
        return instruction
    }

    /// Reads a number of `count` bytes, most significant byte first.
    private mutating func number(_ count: Int, of offset: Int) throws(AgentError) -> UInt64 {
        guard bytes.count - position >= count else { throw AgentError(.truncated, at: offset) }
        var value: UInt64 = 0
        for _ in 0..<count {
            value = value << 8 | UInt64(bytes[position])
            position += 1
        }
        return value
    }

    /// Reads the format string of `printf`: a length of two bytes, then the string with its final zero.
    private mutating func format(of offset: Int) throws(AgentError) -> AgentFormat {
        let length = Int(try number(2, of: offset))
        guard bytes.count - position >= length else { throw AgentError(.truncated, at: offset) }
        let text = bytes[position..<(position + length)]
        position += length
        guard let last = text.last, last == 0 else { throw AgentError(.badFormat, at: offset, "it does not end in 0") }
        return try AgentFormat(text.dropLast(), at: offset)
    }

    /// Follows every path through the expression, and returns the smallest stack height at its ends.
    func checkStack() throws(AgentError) -> Int {
        /// The stack height before each instruction; −1 for instructions that no path has reached yet.
        var heights = [Int](repeating: -1, count: instructions.count)
        var pending: [(index: Int, height: Int)] = [(0, 0)]
        var lowest = Int.max
        while let (index, height) = pending.popLast() {
            guard index < instructions.count else { throw AgentError(.missingEnd, at: bytes.count) }
            let instruction = instructions[index]
            let offset = Int(instruction.offset)
            guard heights[index] < 0 else {
                guard heights[index] == height else { throw AgentError(.unequalStacks, at: offset) }
                continue
            }
            heights[index] = height
            let row = instruction.opcode.row
            let needed =
                switch instruction.opcode {
                case .pick: Int(instruction.operand) + 1
                case .print: row.pops + Int(instruction.count)
                default: row.pops
                }
            guard height >= needed else { throw AgentError(.stackUnderflow, at: offset) }
            let after = height - (instruction.opcode == .pick ? 0 : needed) + row.pushes
            guard after <= AgentExpression.maximumStack else { throw AgentError(.stackOverflow, at: offset) }
            switch instruction.opcode {
            case .end: lowest = min(lowest, after)
            case .goto: pending.append((Int(instruction.operand), after))
            case .ifGoto:
                pending.append((index + 1, after))
                pending.append((Int(instruction.operand), after))
            default: pending.append((index + 1, after))
            }
        }
        return lowest
    }
}
