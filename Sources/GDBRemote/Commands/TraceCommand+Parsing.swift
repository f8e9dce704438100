extension TraceCommand {
    /// One row for each packet.
    ///
    /// The reader given to `parse` is positioned just after the name.
    static let namedPackets: [(name: String, parse: @Sendable (inout ByteReader) -> Command)] = [
        ("QTinit", { bare(.initialize, "QTinit", &$0) }),
        ("QTDP", tracepoint),
        ("QTDPsrc", source),
        ("QTDV", variable),
        ("QTro", readOnly),
        ("QTStart", { bare(.start, "QTStart", &$0) }),
        ("QTStop", { bare(.stop, "QTStop", &$0) }),
        ("QTEnable", { parsed($0.location().map { .enable($0, true) }, "QTEnable takes :NUMBER:ADDRESS", $0) }),
        ("QTDisable", { parsed($0.location().map { .enable($0, false) }, "QTDisable takes :NUMBER:ADDRESS", $0) }),
        (
            "QTDisconnected",
            { parsed($0.flag().map { .continueDisconnected($0) }, "QTDisconnected takes :0 or :1", $0) }
        ),
        ("QTBuffer", setBuffer),
        (
            "QTNotes",
            {
                _ = $0.takeRest(); return .trace(.notes)
            }
        ),
        ("QTFrame", frame),
        ("qTStatus", { bare(.status, "qTStatus", &$0) }),
        ("qTP", { parsed($0.location().map { .tracepointStatus($0) }, "qTP takes :NUMBER:ADDRESS", $0) }),
        ("qTV", { parsed($0.field().map { .variable(number: $0) }, "qTV takes :NUMBER", $0) }),
        ("qTfP", { bare(.firstTracepoint, "qTfP", &$0) }),
        ("qTsP", { bare(.nextTracepoint, "qTsP", &$0) }),
        ("qTfV", { bare(.firstVariable, "qTfV", &$0) }),
        ("qTsV", { bare(.nextVariable, "qTsV", &$0) }),
        ("qTBuffer", buffer),
    ]

    private static func bare(_ command: TraceCommand, _ name: String, _ reader: inout ByteReader) -> Command {
        reader.isAtEnd ? .trace(command) : .malformed("\(name) takes nothing")
    }

    /// Returns the command if it is not nil and the packet ends after it; otherwise a malformed packet.
    private static func parsed(_ command: TraceCommand?, _ usage: String, _ reader: ByteReader) -> Command {
        guard let command, reader.isAtEnd else { return .malformed(usage) }
        return .trace(command)
    }

    // MARK: Definitions

    @Sendable private static func tracepoint(_ reader: inout ByteReader) -> Command {
        guard reader.skip(":") else { return .malformed("QTDP takes :NUMBER:ADDRESS:...") }
        return reader.skip("-") ? actions(&reader) : definition(&reader)
    }

    private static func definition(_ reader: inout ByteReader) -> Command {
        let malformed = Command.malformed(
            "QTDP takes :NUMBER:ADDRESS:E or D:STEPS:PASSES[:FLENGTH][:S][:XLENGTH,EXPRESSION][-]")
        guard let number = reader.number(), let address = reader.field(), reader.skip(":") else { return malformed }
        let isEnabled = reader.skip("E")
        guard isEnabled || reader.skip("D"), let steps = reader.field(), let passes = reader.field() else {
            return malformed
        }
        var definition = Definition(
            TracepointID(number: number, address: address), isEnabled: isEnabled, stepCount: steps, passCount: passes)
        while reader.skip(":") {
            if reader.skip("F") {
                guard reader.number() != nil else { return malformed }
                definition.extra = .fast
            } else if reader.skip("S") {
                definition.extra = .static
            } else {
                guard let condition = reader.expression() else { return malformed }
                definition.condition = condition
            }
        }
        // A dash announces that packets with actions follow. It needs no handling.
        _ = reader.skip("-")
        return reader.isAtEnd ? .trace(.define(definition)) : malformed
    }

    private static func actions(_ reader: inout ByteReader) -> Command {
        let malformed = Command.malformed(
            "QTDP takes :-NUMBER:ADDRESS:[S]ACTION...[-] with the actions RMASK, MREGISTER,OFFSET,LENGTH and"
                + " XLENGTH,EXPRESSION")
        guard let number = reader.number(), let address = reader.field(), reader.skip(":") else { return malformed }
        let isWhileStepping = reader.skip("S")
        var actions: [Action] = []
        while !reader.isAtEnd, !reader.skip("-") {
            guard let action = action(&reader) else { return malformed }
            actions.append(action)
        }
        guard reader.isAtEnd else { return malformed }
        let id = TracepointID(number: number, address: address)
        return .trace(.actions(id, actions, whileStepping: isWhileStepping))
    }

    private static func action(_ reader: inout ByteReader) -> Action? {
        let start = reader.rest
        var kind: Action.Kind
        if reader.skip("R") {
            guard reader.skipDigits() else { return nil }
            kind = .registers
        } else if reader.skip("M") {
            // -1, or its 32-bit or 64-bit unsigned form, stands for no register.
            var register: UInt64?
            if reader.skip("-") {
                guard reader.number() == 1 else { return nil }
            } else {
                guard let number = reader.number() else { return nil }
                register = number == 0xffff_ffff || number == .max ? nil : number
            }
            guard reader.skip(","), let offset = reader.number(), reader.skip(","), let count = reader.number() else {
                return nil
            }
            kind = .memory(register: register, offset: offset, count: count)
        } else {
            guard let bytes = reader.expression() else { return nil }
            kind = .expression(bytes)
        }
        return Action(kind, text: Array(start.prefix(start.count - reader.rest.count)))
    }

    @Sendable private static func source(_ reader: inout ByteReader) -> Command {
        let malformed = Command.malformed("QTDPsrc takes :NUMBER:ADDRESS:TYPE:START:LENGTH:BYTES")
        guard let id = reader.location(), reader.skip(":") else { return malformed }
        let type = Array(reader.upTo(":"))
        guard let start = reader.field(), let length = reader.field(), reader.skip(":"),
            let text = Hex.decode(reader.takeRest())
        else { return malformed }
        return .trace(.source(id, SourcePiece(type: type, start: start, length: length, text: text)))
    }

    @Sendable private static func variable(_ reader: inout ByteReader) -> Command {
        guard let number = reader.field(), let value = reader.field(), let isBuiltIn = reader.field(), reader.skip(":"),
            let name = Hex.decode(reader.takeRest())
        else { return .malformed("QTDV takes :NUMBER:VALUE:BUILTIN:NAME") }
        return .trace(.defineVariable(number: number, value: value, isBuiltIn: isBuiltIn != 0, name: name))
    }

    @Sendable private static func readOnly(_ reader: inout ByteReader) -> Command {
        var ranges: [Range<UInt64>] = []
        while reader.skip(":") {
            guard let start = reader.number(), reader.skip(","), let end = reader.number(), start <= end else {
                return .malformed("QTro takes :START,END...")
            }
            ranges.append(start..<end)
        }
        return reader.isAtEnd ? .trace(.readOnly(ranges)) : .malformed("QTro takes :START,END...")
    }

    // MARK: The buffer

    @Sendable private static func setBuffer(_ reader: inout ByteReader) -> Command {
        guard reader.skip(":") else { return .malformed("QTBuffer takes :circular:VALUE or :size:VALUE") }
        let name = reader.upTo(":")
        if name.isText("circular") {
            return parsed(reader.flag().map { .bufferIsCircular($0) }, "QTBuffer:circular takes :0 or :1", reader)
        }
        guard name.isText("size") else { return .unknown }
        let usage = "QTBuffer:size takes :BYTES in hex, or :-1"
        guard reader.skip(":") else { return .malformed(usage) }
        if reader.skip("-") { return parsed(reader.number() == 1 ? .bufferSize(nil) : nil, usage, reader) }
        return parsed(reader.number().map { .bufferSize($0) }, usage, reader)
    }

    @Sendable private static func frame(_ reader: inout ByteReader) -> Command {
        let malformed = Command.malformed(
            "QTFrame takes :NUMBER, :pc:ADDRESS, :tdp:NUMBER, :range:START:END or :outside:START:END")
        guard reader.skip(":") else { return malformed }
        if reader.skip("-") { return parsed(reader.number() == 1 ? .select(.none) : nil, "QTFrame takes :-1", reader) }
        let before = reader
        let name = reader.upTo(":")
        var search: FrameSearch?
        if name.isText("pc") {
            search = reader.field().map { .pc($0) }
        } else if name.isText("tdp") {
            search = reader.field().map { .tracepoint($0) }
        } else if name.isText("range") || name.isText("outside") {
            guard let start = reader.field(), let end = reader.field() else { return malformed }
            search = name.isText("range") ? .inside(start, end) : .outside(start, end)
        } else {
            reader = before
            // GDB also writes -1 as an unsigned number of 32 or 64 bits.
            search = reader.number().map { $0 == 0xffff_ffff || $0 == .max ? .none : .number($0) }
        }
        guard let search, reader.isAtEnd else { return malformed }
        return .trace(.select(search))
    }

    @Sendable private static func buffer(_ reader: inout ByteReader) -> Command {
        guard let offset = reader.field(), reader.skip(","), let count = reader.number(), reader.isAtEnd else {
            return .malformed("qTBuffer takes :OFFSET,COUNT")
        }
        return .trace(.buffer(offset: offset, count: count))
    }
}

extension ByteReader {
    /// Reads `:NUMBER`.
    fileprivate mutating func field() -> UInt64? { skip(":") ? number() : nil }

    /// Reads `:NUMBER:ADDRESS`.
    fileprivate mutating func location() -> TraceCommand.TracepointID? {
        guard let number = field(), let address = field() else { return nil }
        return TraceCommand.TracepointID(number: number, address: address)
    }

    /// Reads `:0` or `:1`.
    fileprivate mutating func flag() -> Bool? {
        guard let value = field(), value <= 1 else { return nil }
        return value == 1
    }

    /// Reads any number of hex digits; false if there are none.
    fileprivate mutating func skipDigits() -> Bool {
        let before = rest.count
        while let digit = next, Hex.value(ofDigit: digit) != nil { _ = byte() }
        return rest.count < before
    }
}
