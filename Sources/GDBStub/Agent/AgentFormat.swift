/// The parsed format of an agent's `printf`, as written in C source, with escape sequences.
///
/// Arguments are the target's integers; a `long` and a pointer have 64 bits. Floating-point conversions are rejected.
struct AgentFormat: Equatable, Sendable {
    enum Piece: Equatable, Sendable {
        case text([UInt8])
        case argument(Directive)
    }

    struct Directive: Equatable, Sendable {
        enum Conversion: Equatable, Sendable {
            case signed, unsigned, octal, hexadecimal, upperHexadecimal, character, string, pointer
        }

        var conversion = Conversion.signed
        /// The number of low bits of the argument that are used.
        var bits: UInt64 = 32
        var width = 0
        var precision: Int?
        var isLeftAligned = false
        var hasZeros = false
        var hasPlus = false
        var hasSpace = false
        var isAlternate = false
    }

    private(set) var pieces: [Piece] = []
    private(set) var argumentCount = 0

    /// The largest width and precision.
    ///
    /// Values beyond a line of text are mistakes.
    private static let widest = 1024

    private let source: [UInt8]
    private var position = 0
    private let offset: Int

    init(_ text: ArraySlice<UInt8>, at offset: Int) throws(AgentError) {
        source = Array(text)
        self.offset = offset
        var literal: [UInt8] = []
        while let byte = next() {
            switch Unicode.Scalar(byte) {
            case "\\": literal.append(try escaped())
            case "%" where skip("%"): literal.append(byte)
            case "%":
                if !literal.isEmpty { pieces.append(.text(literal)) }
                literal = []
                pieces.append(.argument(try directive()))
                argumentCount += 1
            default: literal.append(byte)
            }
        }
        if !literal.isEmpty { pieces.append(.text(literal)) }
    }

    private mutating func next() -> UInt8? {
        guard position < source.count else { return nil }
        position += 1
        return source[position - 1]
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < source.count, source[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private func refused(_ why: String) -> AgentError { AgentError(.badFormat, at: offset, why) }

    /// Returns the character of an escape sequence, after its backslash (ISO C, "Character constants"; also GDB's
    /// `\e`).
    private mutating func escaped() throws(AgentError) -> UInt8 {
        guard let byte = next() else { throw refused("it ends with a backslash") }
        switch Unicode.Scalar(byte) {
        case "a": return 7
        case "b": return 8
        case "e": return 27
        case "f": return 12
        case "n": return 10
        case "r": return 13
        case "t": return 9
        case "v": return 11
        case "\\", "\"", "'", "?": return byte
        case "0"..."7":
            var value = Int(byte) & 7
            for _ in 0..<2 {
                guard position < source.count, (0x30...0x37).contains(source[position]) else { break }
                value = value << 3 | Int(source[position]) & 7
                position += 1
            }
            return UInt8(truncatingIfNeeded: value)
        default: throw refused("an escape sequence is unknown")
        }
    }

    /// Parses a conversion, after its `%` (ISO C, "The fprintf function").
    private mutating func directive() throws(AgentError) -> Directive {
        var directive = Directive()
        flags: while true {
            if skip("-") {
                directive.isLeftAligned = true
            } else if skip("0") {
                directive.hasZeros = true
            } else if skip("+") {
                directive.hasPlus = true
            } else if skip(" ") {
                directive.hasSpace = true
            } else if skip("#") {
                directive.isAlternate = true
            } else {
                break flags
            }
        }
        directive.width = try number()
        if skip(".") { directive.precision = try number() }
        directive.bits = lengthModifier()
        guard let byte = next() else { throw refused("it ends within a conversion") }
        switch Unicode.Scalar(byte) {
        case "d", "i": directive.conversion = .signed
        case "u": directive.conversion = .unsigned
        case "o": directive.conversion = .octal
        case "x": directive.conversion = .hexadecimal
        case "X": directive.conversion = .upperHexadecimal
        case "c": directive.conversion = .character
        case "s": directive.conversion = .string
        case "p":
            directive.conversion = .pointer
            directive.bits = 64
        default: throw refused("only integers, characters, strings and pointers can be printed on the target")
        }
        return directive
    }

    private mutating func number() throws(AgentError) -> Int {
        var value = 0
        while position < source.count, (0x30...0x39).contains(source[position]) {
            value = value * 10 + Int(source[position]) - 0x30
            position += 1
            guard value <= Self.widest else { throw refused("a column is wider than \(Self.widest)") }
        }
        return value
    }

    private mutating func lengthModifier() -> UInt64 {
        if skip("h") { return skip("h") ? 8 : 16 }
        if skip("l") {
            _ = skip("l")
            return 64
        }
        return skip("j") || skip("z") || skip("t") ? 64 : 32
    }
}
