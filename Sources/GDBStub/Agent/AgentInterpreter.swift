import ByteOrder
import Execution

/// An interpreter of agent expressions, which runs on one stopped vCPU at a time.
///
/// Each target has one interpreter, used by one thread at a time. The interpreter owns its stack, so that running an
/// expression allocates no memory for it.
final class AgentInterpreter {
    /// The state that an expression uses besides registers and memory.
    struct Context {
        let target: any DebugTarget
        let vcpu: Int
        /// The frame that receives collected data; nil if the hit collects nothing, and trace instructions then have no
        /// effect.
        var frame: TraceFrame?
        /// The text printed so far.
        var text: [UInt8] = []
        /// The number of instructions that all expressions of this hit may still execute.
        var stepsLeft = AgentExpression.maximumSteps

        init(_ target: any DebugTarget, vcpu: Int, frame: TraceFrame? = nil) {
            self.target = target
            self.vcpu = vcpu
            self.frame = frame
        }
    }

    /// Trace state variables by number.
    var variables = TraceVariables()
    /// The stack, with one spare element at each end.
    ///
    /// With an empty stack, `top` is the index of the first spare element.
    private var elements = [UInt64](repeating: 0, count: AgentExpression.maximumStack + 2)

    /// Runs the expression to its end and returns the top of the stack, or 0 if the stack is empty.
    func run(_ expression: AgentExpression, in context: inout Context) throws(AgentError) -> UInt64 {
        try run(expression, on: &elements, in: &context)
    }

    private func run(
        _ expression: AgentExpression, on elements: inout [UInt64], in context: inout Context
    ) throws(AgentError) -> UInt64 {
        // `AgentExpression` has been verified: no instruction finds fewer elements than it takes, and the stack never
        // exceeds `maximumStack`. `top` is the index of the last element, and starts at the spare element below the
        // first.
        var stack = elements.mutableSpan
        var top = 0
        var index = 0
        while context.stepsLeft > 0 {
            context.stepsLeft -= 1
            let instruction = expression.instructions[index]
            index += 1
            switch instruction.opcode {
            case .add: combine(&stack, &top, &+)
            case .subtract: combine(&stack, &top, &-)
            case .multiply: combine(&stack, &top, &*)
            case .divideSigned, .divideUnsigned, .remainderSigned, .remainderUnsigned:
                guard stack[top] != 0 else { throw AgentError(.divisionByZero, at: Int(instruction.offset)) }
                combine(&stack, &top) { Self.divide($0, $1, instruction.opcode) }
            // Shifts by 64 bits or more give 0, or copies of the sign.
            case .shiftLeft: combine(&stack, &top) { $0 << $1 }
            case .shiftRightSigned: combine(&stack, &top) { UInt64(bitPattern: Int64(bitPattern: $0) >> $1) }
            case .shiftRightUnsigned: combine(&stack, &top) { $0 >> $1 }
            case .bitAnd: combine(&stack, &top, &)
            case .bitOr: combine(&stack, &top, |)
            case .bitXor: combine(&stack, &top, ^)
            case .equal: combine(&stack, &top) { $0 == $1 ? 1 : 0 }
            case .lessSigned: combine(&stack, &top) { Int64(bitPattern: $0) < Int64(bitPattern: $1) ? 1 : 0 }
            case .lessUnsigned: combine(&stack, &top) { $0 < $1 ? 1 : 0 }
            case .logicalNot: stack[top] = stack[top] == 0 ? 1 : 0
            case .bitNot: stack[top] = ~stack[top]
            case .signExtend:
                let unused = 64 - min(instruction.operand, 64)
                stack[top] = UInt64(bitPattern: Int64(bitPattern: stack[top] << unused) >> unused)
            case .zeroExtend:
                let unused = 64 - min(instruction.operand, 64)
                stack[top] = (stack[top] << unused) >> unused
            case .reference8: stack[top] = try value(at: stack[top], count: 1, instruction, context)
            case .reference16: stack[top] = try value(at: stack[top], count: 2, instruction, context)
            case .reference32: stack[top] = try value(at: stack[top], count: 4, instruction, context)
            case .reference64: stack[top] = try value(at: stack[top], count: 8, instruction, context)
            case .goto: index = Int(instruction.operand)
            case .ifGoto:
                if stack[top] != 0 { index = Int(instruction.operand) }
                top -= 1
            case .constant8, .constant16, .constant32, .constant64:
                top += 1
                stack[top] = instruction.operand
            case .register:
                top += 1
                stack[top] = try register(instruction, context)
            case .end: return top > 0 ? stack[top] : 0
            case .duplicate:
                top += 1
                stack[top] = stack[top - 1]
            case .pop: top -= 1
            case .swap: stack.swapAt(top, top - 1)
            case .pick:
                top += 1
                stack[top] = stack[top - 1 - Int(instruction.operand)]
            // The top element moves below the next two, and the second element becomes the top.
            case .rotate: (stack[top], stack[top - 1], stack[top - 2]) = (stack[top - 1], stack[top - 2], stack[top])
            case .getVariable:
                top += 1
                guard let value = variables[instruction.operand] else {
                    throw AgentError(.variable, at: Int(instruction.offset), "number \(instruction.operand)")
                }
                stack[top] = value
            case .setVariable:
                guard variables.set(instruction.operand, to: stack[top]) else {
                    throw AgentError(.variable, at: Int(instruction.offset), "number \(instruction.operand)")
                }
            case .traceVariable:
                guard let value = variables[instruction.operand] else {
                    throw AgentError(.variable, at: Int(instruction.offset), "number \(instruction.operand)")
                }
                try context.frame?.add(variable: instruction.operand, value: value, at: instruction.offset)
            case .trace:
                try record(stack[top - 1], count: stack[top], instruction, context)
                top -= 2
            case .traceQuick, .traceQuick16: try record(stack[top], count: instruction.operand, instruction, context)
            case .traceString:
                try recordString(stack[top - 1], most: stack[top], instruction, context)
                top -= 2
            case .print:
                let count = Int(instruction.count)
                try print(
                    expression.formats[Int(instruction.operand)], stack.span, arguments: top - 2, instruction, &context)
                top -= 2 + count
            }
        }
        throw AgentError(.tooManySteps, at: Int(expression.instructions[index].offset))
    }

    @inline(__always)
    private func combine(
        _ stack: inout MutableSpan<UInt64>, _ top: inout Int, _ operation: (UInt64, UInt64) -> UInt64
    ) {
        stack[top - 1] = operation(stack[top - 1], stack[top])
        top -= 1
    }

    /// Divides by a nonzero number.
    ///
    /// The quotient of the lowest number and −1 does not fit, and wraps.
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

    /// Reads a number of `count` bytes, least significant byte first.
    private func value(
        at address: UInt64, count: Int, _ instruction: AgentExpression.Instruction, _ context: Context
    ) throws(AgentError) -> UInt64 {
        let bytes = try read(address, count: count, instruction, context)
        guard bytes.count == count else {
            throw AgentError(.memory, at: Int(instruction.offset), "only \(bytes.count) of \(count) bytes are there")
        }
        return UInt64(littleEndianBytes: bytes)
    }

    /// Reads up to `count` bytes of memory, at least one.
    private func read(
        _ address: UInt64, count: Int, _ instruction: AgentExpression.Instruction, _ context: Context
    ) throws(AgentError) -> [UInt8] {
        do throws(TargetError) {
            return try context.target.readMemory(address, count: count, vcpu: context.vcpu)
        } catch {
            throw AgentError(.memory, at: Int(instruction.offset), error.text)
        }
    }

    /// Reads up to a zero byte, or `most` bytes.
    ///
    /// Memory is read 64 bytes at a time, so that a short string costs little.
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
        let limit = Int(min(most, UInt64(TraceFrame.maximumBytes)))
        try frame.checkRoom(for: 1, at: instruction.offset)
        let (bytes, isTerminated) = try string(address, most: limit, instruction, context)
        try frame.add(memory: address, isTerminated ? bytes + [0] : bytes, at: instruction.offset)
    }

    /// Prints.
    ///
    /// The first argument is the one pushed last, directly below the function and the channel.
    private func print(
        _ format: AgentFormat, _ stack: Span<UInt64>, arguments: Int, _ instruction: AgentExpression.Instruction,
        _ context: inout Context
    ) throws(AgentError) {
        var argument = arguments
        for piece in format.pieces {
            guard context.text.count < AgentExpression.maximumText else {
                throw AgentError(.tooMuchText, at: Int(instruction.offset))
            }
            switch piece {
            case .text(let text): context.text += text
            case .argument(let directive):
                let value = stack[argument]
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
    /// Reads a register as a number.
    ///
    /// A register of more than 64 bits is an error: the bytecode's stack has no room for it, and half of its value
    /// would be wrong.
    func readRegisterValue(_ number: Int, vcpu: Int) throws(TargetError) -> UInt64 {
        let bytes = try readRegister(number, vcpu: vcpu)
        guard bytes.count <= 8 else { throw .invalid("register \(number) has more than 64 bits") }
        return UInt64(littleEndianBytes: bytes)
    }
}
