/// The instructions of agent expressions (GDB manual, "Bytecode Descriptions").
///
/// Floating-point instructions are missing, because GDB never sends them and the stack holds integers only.
public enum AgentOpcode: UInt8, CaseIterable, Sendable {
    /// `add`: a b → a + b
    case add = 0x02
    /// `sub`: a b → a − b
    case subtract = 0x03
    /// `mul`: a b → a × b
    case multiply = 0x04
    /// `div_signed`: a b → a ÷ b, both signed
    case divideSigned = 0x05
    /// `div_unsigned`: a b → a ÷ b, both unsigned
    case divideUnsigned = 0x06
    /// `rem_signed`: a b → a modulo b, both signed
    case remainderSigned = 0x07
    /// `rem_unsigned`: a b → a modulo b, both unsigned
    case remainderUnsigned = 0x08
    /// `lsh`: a b → a shifted left by b bits
    case shiftLeft = 0x09
    /// `rsh_signed`: a b → a shifted right by b bits, with copies of its sign
    case shiftRightSigned = 0x0a
    /// `rsh_unsigned`: a b → a shifted right by b bits, with zeros
    case shiftRightUnsigned = 0x0b
    /// `trace`: address size →, and collects those bytes
    case trace = 0x0c
    /// `trace_quick` n: address → address, and collects n bytes there
    case traceQuick = 0x0d
    /// `log_not`: a → 1 if a is 0, and otherwise 0
    case logicalNot = 0x0e
    /// `bit_and`: a b → a AND b
    case bitAnd = 0x0f
    /// `bit_or`: a b → a OR b
    case bitOr = 0x10
    /// `bit_xor`: a b → a XOR b
    case bitXor = 0x11
    /// `bit_not`: a → NOT a
    case bitNot = 0x12
    /// `equal`: a b → 1 if they are equal, and otherwise 0
    case equal = 0x13
    /// `less_signed`: a b → 1 if a < b, both signed, and otherwise 0
    case lessSigned = 0x14
    /// `less_unsigned`: a b → 1 if a < b, both unsigned, and otherwise 0
    case lessUnsigned = 0x15
    /// `ext` n: a → the lowest n bits of a, extended by their sign
    case signExtend = 0x16
    /// `ref8`: address → the byte there
    case reference8 = 0x17
    /// `ref16`: address → the 2 bytes there, as a number in the target's byte order
    case reference16 = 0x18
    /// `ref32`: address → the 4 bytes there, as a number in the target's byte order
    case reference32 = 0x19
    /// `ref64`: address → the 8 bytes there, as a number in the target's byte order
    case reference64 = 0x1a
    /// `if_goto` offset: a →, and continues at the offset unless a is 0
    case ifGoto = 0x20
    /// `goto` offset: continues at the offset
    case goto = 0x21
    /// `const8` n: → n, of one byte
    case constant8 = 0x22
    /// `const16` n: → n, of 2 bytes
    case constant16 = 0x23
    /// `const32` n: → n, of 4 bytes
    case constant32 = 0x24
    /// `const64` n: → n, of 8 bytes
    case constant64 = 0x25
    /// `reg` n: → the value of register n
    case register = 0x26
    /// `end`: the expression's end; the top of the stack is its value
    case end = 0x27
    /// `dup`: a → a a
    case duplicate = 0x28
    /// `pop`: a →
    case pop = 0x29
    /// `zero_ext` n: a → the lowest n bits of a
    case zeroExtend = 0x2a
    /// `swap`: a b → b a
    case swap = 0x2b
    /// `getv` n: → the value of trace state variable n
    case getVariable = 0x2c
    /// `setv` n: a → a, and sets trace state variable n to it
    case setVariable = 0x2d
    /// `tracev` n: collects trace state variable n
    case traceVariable = 0x2e
    /// `tracenz`: address size →, and collects up to a zero byte, at most that size
    case traceString = 0x2f
    /// `trace16` n: address → address, and collects n bytes there, with n of 2 bytes
    case traceQuick16 = 0x30
    /// `pick` n: copies the element n below the top onto the stack
    case pick = 0x32
    /// `rot`: a b c → c a b
    case rotate = 0x33
    /// `printf` n, format: takes a function, a channel and n arguments, and prints them
    case print = 0x34

    /// The operands and the stack effect of an instruction.
    struct Row {
        /// The number of operand bytes after the opcode, without the format of `printf`.
        var operandBytes: Int
        /// The number of elements that the instruction takes from the stack.
        var pops: Int
        /// The number of elements that the instruction then pushes.
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
        // Verification adds the elements that `pick` needs: its operand plus one.
        case .pick: Row(operandBytes: 1, pops: 0, pushes: 1)
        case .rotate: Row(operandBytes: 0, pops: 3, pushes: 3)
        // The function and the channel. Verification adds the arguments.
        case .print: Row(operandBytes: 1, pops: 2, pushes: 0)
        }
    }
}
