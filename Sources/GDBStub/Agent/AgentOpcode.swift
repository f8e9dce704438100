/// The instructions of agent expressions (GDB manual, "Bytecode Descriptions").
///
/// Those on floating-point values are missing: GDB never sends any, and no stack element here is one.
public enum AgentOpcode: UInt8, CaseIterable, Sendable {
    case add = 0x02
    case subtract = 0x03
    case multiply = 0x04
    case divideSigned = 0x05
    case divideUnsigned = 0x06
    case remainderSigned = 0x07
    case remainderUnsigned = 0x08
    case shiftLeft = 0x09
    case shiftRightSigned = 0x0a
    case shiftRightUnsigned = 0x0b
    case trace = 0x0c
    case traceQuick = 0x0d
    case logicalNot = 0x0e
    case bitAnd = 0x0f
    case bitOr = 0x10
    case bitXor = 0x11
    case bitNot = 0x12
    case equal = 0x13
    case lessSigned = 0x14
    case lessUnsigned = 0x15
    case signExtend = 0x16
    case reference8 = 0x17
    case reference16 = 0x18
    case reference32 = 0x19
    case reference64 = 0x1a
    case ifGoto = 0x20
    case goto = 0x21
    case constant8 = 0x22
    case constant16 = 0x23
    case constant32 = 0x24
    case constant64 = 0x25
    case register = 0x26
    case end = 0x27
    case duplicate = 0x28
    case pop = 0x29
    case zeroExtend = 0x2a
    case swap = 0x2b
    case getVariable = 0x2c
    case setVariable = 0x2d
    case traceVariable = 0x2e
    case traceString = 0x2f
    case traceQuick16 = 0x30
    case pick = 0x32
    case rotate = 0x33
    case print = 0x34

    /// What the instruction's shape is.
    struct Row {
        /// Bytes behind the opcode, most significant first; those of `print` are more, and counted apart.
        var operandBytes: Int
        /// Elements the instruction needs on the stack, and takes off it.
        var pops: Int
        /// Elements it puts there afterwards.
        var pushes: Int
    }

    var row: Row {
        switch self {
        case .add, .subtract, .multiply, .divideSigned, .divideUnsigned, .remainderSigned, .remainderUnsigned,
            .shiftLeft, .shiftRightSigned, .shiftRightUnsigned, .bitAnd, .bitOr, .bitXor, .equal, .lessSigned,
            .lessUnsigned:
            Row(operandBytes: 0, pops: 2, pushes: 1)
        case .logicalNot, .bitNot, .reference8, .reference16, .reference32, .reference64:
            Row(operandBytes: 0, pops: 1, pushes: 1)
        case .trace, .traceString: Row(operandBytes: 0, pops: 2, pushes: 0)
        case .traceQuick, .signExtend, .zeroExtend: Row(operandBytes: 1, pops: 1, pushes: 1)
        case .traceQuick16, .setVariable: Row(operandBytes: 2, pops: 1, pushes: 1)
        case .ifGoto: Row(operandBytes: 2, pops: 1, pushes: 0)
        case .goto, .traceVariable: Row(operandBytes: 2, pops: 0, pushes: 0)
        case .constant8: Row(operandBytes: 1, pops: 0, pushes: 1)
        case .constant16, .register, .getVariable: Row(operandBytes: 2, pops: 0, pushes: 1)
        case .constant32: Row(operandBytes: 4, pops: 0, pushes: 1)
        case .constant64: Row(operandBytes: 8, pops: 0, pushes: 1)
        case .end: Row(operandBytes: 0, pops: 0, pushes: 0)
        case .duplicate: Row(operandBytes: 0, pops: 1, pushes: 2)
        case .pop: Row(operandBytes: 0, pops: 1, pushes: 0)
        case .swap: Row(operandBytes: 0, pops: 2, pushes: 2)
        // As many as its operand says and one more; validation adds them.
        case .pick: Row(operandBytes: 1, pops: 0, pushes: 1)
        case .rotate: Row(operandBytes: 0, pops: 3, pushes: 3)
        // The function and the channel; its arguments are added by validation.
        case .print: Row(operandBytes: 1, pops: 2, pushes: 0)
        }
    }
}
