import Execution

/// Runs agent expressions on one stopped vCPU.
///
/// There is one for each target, used by one thread at a time: it keeps its stack, so that running an expression
/// allocates nothing of its own.
final class AgentInterpreter {
    /// What running an expression needs besides registers and memory.
    struct Context {
        let target: any DebugTarget
        let vcpu: Int
        /// Takes what is traced; nil where nothing is being collected, and what would be traced is let be.
        var frame: TraceFrame?
        /// What was printed.
        var text: [UInt8] = []
        /// How many instructions all expressions of one hit may still execute.
        var stepsLeft = AgentExpression.mostSteps

        init(_ target: any DebugTarget, vcpu: Int, frame: TraceFrame? = nil) {
            self.target = target
            self.vcpu = vcpu
            self.frame = frame
        }
    }

    /// Trace state variables by number.
    var variables = TraceVariables()
    private let stack: UnsafeMutablePointer<UInt64>

    init() {
        // One more at either end than any expression uses: below the first element `top` still has a place to be.
        stack = .allocate(capacity: AgentExpression.mostStack + 2)
        stack.initialize(repeating: 0, count: AgentExpression.mostStack + 2)
    }

    deinit {
        stack.deallocate()
    }

    /// Runs the expression to its end; the value is the top of the stack, 0 if the stack is empty.
    func run(_ expression: AgentExpression, in context: inout Context) throws(AgentError) -> UInt64 {
        // SAFETY: `AgentExpression` has been checked: no instruction finds less on the stack than it takes, and the
        // stack never grows beyond `mostStack`. `top` is the last element; it begins on the spare one below the first.
        var top = stack
        var index = 0
        while context.stepsLeft > 0 {
            context.stepsLeft -= 1
            let instruction = expression.instructions[index]
            index += 1
            switch instruction.opcode {
            case .add: top = combine(top, &+)
            case .subtract: top = combine(top, &-)
            case .multiply: top = combine(top, &*)
            case .divideSigned, .divideUnsigned, .remainderSigned, .remainderUnsigned:
                guard top[0] != 0 else { throw AgentError(.divisionByZero, at: Int(instruction.offset)) }
                top = combine(top) { Self.divide($0, $1, instruction.opcode) }
            // Shifts by 64 and more leave nothing, or the sign.
            case .shiftLeft: top = combine(top) { $0 << $1 }
            case .shiftRightSigned: top = combine(top) { UInt64(bitPattern: Int64(bitPattern: $0) >> $1) }
            case .shiftRightUnsigned: top = combine(top) { $0 >> $1 }
            case .bitAnd: top = combine(top, &)
            case .bitOr: top = combine(top, |)
            case .bitXor: top = combine(top, ^)
            case .equal: top = combine(top) { $0 == $1 ? 1 : 0 }
            case .lessSigned: top = combine(top) { Int64(bitPattern: $0) < Int64(bitPattern: $1) ? 1 : 0 }
            case .lessUnsigned: top = combine(top) { $0 < $1 ? 1 : 0 }
            case .logicalNot: top[0] = top[0] == 0 ? 1 : 0
            case .bitNot: top[0] = ~top[0]
            case .signExtend:
                let unused = 64 - min(instruction.operand, 64)
                top[0] = UInt64(bitPattern: Int64(bitPattern: top[0] << unused) >> unused)
            case .zeroExtend:
                let unused = 64 - min(instruction.operand, 64)
                top[0] = (top[0] << unused) >> unused
            case .reference8: top[0] = try value(at: top[0], count: 1, instruction, context)
            case .reference16: top[0] = try value(at: top[0], count: 2, instruction, context)
            case .reference32: top[0] = try value(at: top[0], count: 4, instruction, context)
            case .reference64: top[0] = try value(at: top[0], count: 8, instruction, context)
            case .goto: index = Int(instruction.operand)
            case .ifGoto:
                if top[0] != 0 { index = Int(instruction.operand) }
                top -= 1
            case .constant8, .constant16, .constant32, .constant64:
                top += 1
                top[0] = instruction.operand
            case .register:
                top += 1
                top[0] = try register(instruction, context)
            case .end: return top > stack ? top[0] : 0
            case .duplicate:
                top += 1
                top[0] = top[-1]
            case .pop: top -= 1
            case .swap: (top[0], top[-1]) = (top[-1], top[0])
            case .pick:
                top += 1
                top[0] = top[-1 - Int(instruction.operand)]
            // The top becomes the third, the second the top.
            case .rotate: (top[0], top[-1], top[-2]) = (top[-1], top[-2], top[0])
            case .getVariable:
                top += 1
                guard let value = variables[instruction.operand] else {
                    throw AgentError(.variable, at: Int(instruction.offset), "number \(instruction.operand)")
                }
                top[0] = value
            case .setVariable:
                guard variables.set(instruction.operand, to: top[0]) else {
                    throw AgentError(.variable, at: Int(instruction.offset), "number \(instruction.operand)")
                }
            case .traceVariable:
                guard let value = variables[instruction.operand] else {
                    throw AgentError(.variable, at: Int(instruction.offset), "number \(instruction.operand)")
                }
                try context.frame?.add(variable: instruction.operand, value: value, at: instruction.offset)
            case .trace:
                try record(top[-1], count: top[0], instruction, context)
                top -= 2
            case .traceQuick, .traceQuick16: try record(top[0], count: instruction.operand, instruction, context)
            case .traceString:
                try recordString(top[-1], most: top[0], instruction, context)
                top -= 2
            case .print:
                let count = Int(instruction.count)
                try print(
                    expression.formats[Int(instruction.operand)], arguments: top - 2, instruction, &context)
                top -= 2 + count
            }
        }
        throw AgentError(.tooManySteps, at: Int(expression.instructions[index].offset))
    }

    @inline(__always)
    private func combine(
        _ top: UnsafeMutablePointer<UInt64>, _ operation: (UInt64, UInt64) -> UInt64
    ) -> UnsafeMutablePointer<UInt64> {
        top[-1] = operation(top[-1], top[0])
        return top - 1
    }

    /// Divides by what is not 0; the one quotient that has no room, that of the least number by -1, wraps.
    private static func divide(_ one: UInt64, _ other: UInt64, _ opcode: AgentOpcode) -> UInt64 {
        let signed = (Int64(bitPattern: one), Int64(bitPattern: other))
        switch opcode {
        case .divideSigned: return UInt64(bitPattern: signed.0.dividedReportingOverflow(by: signed.1).partialValue)
        case .remainderSigned:
            return UInt64(bitPattern: signed.0.remainderReportingOverflow(dividingBy: signed.1).partialValue)
        case .divideUnsigned: return one / other
        default: return one % other
        }
    }

    // MARK: Registers and memory

    private func register(
        _ instruction: AgentExpression.Instruction, _ context: Context
    ) throws(AgentError) -> UInt64 {
        do throws(TargetError) {
            return try context.target.readRegisterValue(Int(instruction.operand), vcpu: context.vcpu)
        } catch {
            throw AgentError(.register, at: Int(instruction.offset), error.text)
        }
    }

    /// Reads a number, least significant byte first.
    private func value(
        at address: UInt64, count: Int, _ instruction: AgentExpression.Instruction, _ context: Context
    ) throws(AgentError) -> UInt64 {
        let bytes = try read(address, count: count, instruction, context)
        guard bytes.count == count else {
            throw AgentError(.memory, at: Int(instruction.offset), "only \(bytes.count) of \(count) bytes are there")
        }
        var value: UInt64 = 0
        for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
        return value
    }

    /// Reads at least one byte of memory.
    private func read(
        _ address: UInt64, count: Int, _ instruction: AgentExpression.Instruction, _ context: Context
    ) throws(AgentError) -> [UInt8] {
        do throws(TargetError) {
            return try context.target.readMemory(address, count: count, vcpu: context.vcpu)
        } catch {
            throw AgentError(.memory, at: Int(instruction.offset), error.text)
        }
    }

    /// Reads up to a zero byte, or as many bytes as given; at most a page at a time, so that what ends soon costs
    /// little.
    private func string(
        _ address: UInt64, most: Int, _ instruction: AgentExpression.Instruction, _ context: Context
    ) throws(AgentError) -> (bytes: [UInt8], isTerminated: Bool) {
        var bytes: [UInt8] = []
        while bytes.count < most {
            let next = address &+ UInt64(bytes.count)
            let part = try read(next, count: min(64, most - bytes.count), instruction, context)
            if let end = part.firstIndex(of: 0) { return (bytes + part[..<end], true) }
            bytes += part
        }
        return (bytes, false)
    }

    // MARK: Collecting and printing

    private func record(
        _ address: UInt64, count: UInt64, _ instruction: AgentExpression.Instruction, _ context: Context
    ) throws(AgentError) {
        guard let frame = context.frame, count > 0 else { return }
        try frame.checkRoom(for: count, at: instruction.offset)
        let bytes = try read(address, count: Int(count), instruction, context)
        try frame.add(memory: address, bytes, at: instruction.offset)
    }

    private func recordString(
        _ address: UInt64, most: UInt64, _ instruction: AgentExpression.Instruction, _ context: Context
    ) throws(AgentError) {
        guard let frame = context.frame, most > 0 else { return }
        let limit = Int(min(most, UInt64(TraceFrame.mostBytes)))
        try frame.checkRoom(for: 1, at: instruction.offset)
        let (bytes, isTerminated) = try string(address, most: limit, instruction, context)
        try frame.add(memory: address, isTerminated ? bytes + [0] : bytes, at: instruction.offset)
    }

    /// Prints; the first argument is the last one pushed, below the function and the channel.
    private func print(
        _ format: AgentFormat, arguments: UnsafeMutablePointer<UInt64>,
        _ instruction: AgentExpression.Instruction, _ context: inout Context
    ) throws(AgentError) {
        var argument = arguments
        for piece in format.pieces {
            guard context.text.count < AgentExpression.mostText else {
                throw AgentError(.tooMuchText, at: Int(instruction.offset))
            }
            switch piece {
            case .text(let text): context.text += text
            case .argument(let directive):
                let value = argument[0]
                argument -= 1
                let (target, vcpu) = (context.target, context.vcpu)
                context.text += try directive.text(value) { (address, most) throws(AgentError) in
                    try string(address, most: most, instruction, Context(target, vcpu: vcpu)).bytes
                }
            }
        }
    }
}

extension DebugTarget {
    /// A register as a number.
    ///
    /// Wider ones don't fit the bytecode's stack, and half a value would be a wrong one.
    func readRegisterValue(_ number: Int, vcpu: Int) throws(TargetError) -> UInt64 {
        let bytes = try readRegister(number, vcpu: vcpu)
        guard bytes.count <= 8 else { throw .invalid("register \(number) has more than 64 bits") }
        var value: UInt64 = 0
        for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
        return value
    }
}
