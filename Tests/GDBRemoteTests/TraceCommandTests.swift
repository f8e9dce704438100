import GDBRemote
import Testing

@Suite struct TraceCommandTests {
    static let here = TraceCommand.TracepointID(number: 1, address: 0x4010_18bc)

    static let known: [(String, TraceCommand)] = [
        ("QTinit", .initialize), ("QTStart", .start), ("QTStop", .stop), ("qTStatus", .status),
        ("QTDP:1:401018bc:E:0:0-", .define(.init(here, isEnabled: true))),
        ("QTDP:1:401018bc:D:5:a", .define(.init(here, isEnabled: false, stepCount: 5, passCount: 10))),
        (
            "QTDP:1:401018bc:E:0:0:X2,2227-",
            .define(.init(here, isEnabled: true, condition: [0x22, 0x27]))
        ),
        ("QTDP:1:401018bc:E:0:0:F4", .define(.init(here, isEnabled: true, extra: .fast))),
        ("QTDP:1:401018bc:E:0:0:S:X1,27", .define(.init(here, isEnabled: true, condition: [0x27], extra: .static))),
        (
            "QTDP:-1:401018bc:R0fM-1,40110000,8X1,27-",
            .actions(
                here,
                [
                    .init(.registers, text: Array("R0f".utf8)),
                    .init(.memory(register: nil, offset: 0x4011_0000, count: 8), text: Array("M-1,40110000,8".utf8)),
                    .init(.expression([0x27]), text: Array("X1,27".utf8)),
                ], whileStepping: false)
        ),
        (
            "QTDP:-1:401018bc:SMFFFFFFFF,0,1M1F,fffffffffffffff8,8",
            .actions(
                here,
                [
                    .init(.memory(register: nil, offset: 0, count: 1), text: Array("MFFFFFFFF,0,1".utf8)),
                    .init(
                        .memory(register: 31, offset: 0 &- 8, count: 8), text: Array("M1F,fffffffffffffff8,8".utf8)),
                ], whileStepping: true)
        ),
        (
            "QTDPsrc:1:401018bc:cmd:0:3:656e64",
            .source(here, .init(type: Array("cmd".utf8), start: 0, length: 3, text: Array("end".utf8)))
        ),
        ("QTDV:2:5:1:7365656e", .defineVariable(number: 2, value: 5, isBuiltIn: true, name: Array("seen".utf8))),
        ("QTro", .readOnly([])), ("QTro:10,20:30,30", .readOnly([0x10..<0x20, 0x30..<0x30])),
        ("QTEnable:1:401018bc", .enable(here, true)), ("QTDisable:1:401018bc", .enable(here, false)),
        ("QTDisconnected:1", .continueDisconnected(true)), ("QTBuffer:circular:0", .bufferIsCircular(false)),
        ("QTBuffer:size:1000", .bufferSize(0x1000)), ("QTBuffer:size:-1", .bufferSize(nil)),
        ("QTNotes:user:6d65;notes:;", .notes),
        ("QTFrame:0", .select(.number(0))), ("QTFrame:-1", .select(.none)), ("QTFrame:ffffffff", .select(.none)),
        ("QTFrame:pc:40", .select(.pc(0x40))), ("QTFrame:tdp:2", .select(.tracepoint(2))),
        ("QTFrame:range:10:20", .select(.inside(0x10, 0x20))), ("QTFrame:outside:10:20", .select(.outside(0x10, 0x20))),
        ("qTP:1:401018bc", .tracepointStatus(here)), ("qTV:a", .variable(number: 10)),
        ("qTfP", .firstTracepoint), ("qTsP", .nextTracepoint), ("qTfV", .firstVariable), ("qTsV", .nextVariable),
        ("qTBuffer:0,100", .buffer(offset: 0, count: 0x100)),
    ]

    @Test(arguments: known.indices) func aKnownPacketIsWhatItSays(index: Int) {
        #expect(Command(Array(Self.known[index].0.utf8)) == .trace(Self.known[index].1))
    }

    static let malformed = [
        "QTinit:", "QTStart:1", "qTStatus:", "QTDP", "QTDP:", "QTDP:1", "QTDP:1:2", "QTDP:1:2:X:0:0", "QTDP:1:2:E:0",
        "QTDP:1:2:E:0:0:", "QTDP:1:2:E:0:0:F", "QTDP:1:2:E:0:0:X3,2227", "QTDP:1:2:E:0:0x", "QTDP:1:2:E:0:0--",
        "QTDP:-1", "QTDP:-1:2", "QTDP:-1:2:R", "QTDP:-1:2:Q", "QTDP:-1:2:M1", "QTDP:-1:2:M1,2", "QTDP:-1:2:M-2,2,3",
        "QTDP:-1:2:X2,27", "QTDP:-1:2:R1-R1", "QTDP:-1:2:L", "QTDPsrc:1:2:cmd:0:3", "QTDPsrc:1:2:cmd:0:3:6",
        "QTDPsrc", "QTDV", "QTDV:1:2", "QTDV:1:2:3:g0", "QTro:1", "QTro:2,1", "QTro:1,2,", "QTEnable:1", "QTDisable",
        "QTDisconnected:2", "QTDisconnected", "QTBuffer", "QTBuffer:circular:2", "QTBuffer:size:-2", "QTBuffer:size:",
        "QTFrame", "QTFrame:", "QTFrame:-2", "QTFrame:pc", "QTFrame:pc:", "QTFrame:range:1", "QTFrame:1:2", "qTP:1",
        "qTV", "qTfP:", "qTBuffer:0", "qTBuffer:0,", "qTBuffer:10000000000000000,1",
    ]

    @Test(arguments: malformed) func badArgumentsAreMalformed(packet: String) {
        guard case .malformed(let text, _) = Command(Array(packet.utf8)) else {
            Issue.record("\(packet) is \(Command(Array(packet.utf8)))")
            return
        }
        #expect(text.contains(" take"))
    }
}
