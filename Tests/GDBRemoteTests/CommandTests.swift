import GDBRemote
import Testing

@Suite struct CommandTests {
    static let known: [(String, Command)] = [
        // Registers
        ("g", .register(.readAll())),
        ("G0102", .register(.writeAll([1, 2]))),
        ("Gxx02", .register(.writeAll([nil, 2]))),
        ("Gxxxxxx", .register(.writeAll([nil, nil, nil]))),
        ("p0", .register(.read(number: 0))),
        ("pc080", .register(.read(number: 0xc080))),
        ("pffffffffffffffff", .register(.read(number: .max))),
        ("P1=0102", .register(.write(number: 1, bytes: [1, 2]))),
        ("P20=aAbB", .register(.write(number: 0x20, bytes: [0xaa, 0xbb]))),
        // Memory
        ("m0,1", .memory(.read(address: 0, count: 1))),
        ("mffff800080000000,40", .memory(.read(address: 0xffff_8000_8000_0000, count: 0x40))),
        ("m00000000000000000000001,2", .memory(.read(address: 1, count: 2))),
        ("x0,0", .memory(.readBinary(address: 0, count: 0))),
        ("x40000000,1ffff", .memory(.readBinary(address: 0x4000_0000, count: 0x1ffff))),
        ("M10,2:0a0B", .memory(.write(address: 0x10, bytes: [0x0a, 0x0b]))),
        ("M10,0:", .memory(.write(address: 0x10, bytes: []))),
        ("X10,0:", .memory(.write(address: 0x10, bytes: []))),
        ("X10,5:a:,;b", .memory(.write(address: 0x10, bytes: Array("a:,;b".utf8)))),
        // Stop points
        ("Z0,40000000,4", .stopPoint(.init(.insert, type: 0, address: 0x4000_0000, kind: 4))),
        ("z4,ffffffffffffffff,8", .stopPoint(.init(.remove, type: 4, address: .max, kind: 8))),
        (
            "Z0,10,4;X3,220027",
            .stopPoint(.init(.insert, type: 0, address: 0x10, kind: 4, program: .init(conditions: [[0x22, 0, 0x27]])))
        ),
        (
            "Z1,10,4;X1,27X2,2727;cmds:1,X3,220127",
            .stopPoint(
                .init(
                    .insert, type: 1, address: 0x10, kind: 4,
                    program: .init(conditions: [[0x27], [0x27, 0x27]], commands: [[0x22, 1, 0x27]], persists: true)))
        ),
        (
            "Z0,10,4;cmds:0,X0,",
            .stopPoint(.init(.insert, type: 0, address: 0x10, kind: 4, program: .init(commands: [[]])))
        ),
        // Watchpoints have no conditions: what follows is let be, as is all that follows where a point is removed.
        ("Z2,10,4;X3,220027", .stopPoint(.init(.insert, type: 2, address: 0x10, kind: 4))),
        ("z0,10,4;X3,220027", .stopPoint(.init(.remove, type: 0, address: 0x10, kind: 4))),
        ("Z5,10,4", .stopPoint(.init(.insert, type: 5, address: 0x10, kind: 4))),
        // Resume
        ("vCont?", .resume(.listActions)),
        ("vCont;c", .resume(.actions([.init(.continue)]))),
        ("vCont;s:1;c", .resume(.actions([.init(.step, thread: .init(thread: .number(1))), .init(.continue)]))),
        (
            "vCont;s:p1.1;c:p1.-1",
            .resume(
                .actions([
                    .init(.step, thread: .init(process: .number(1), thread: .number(1))),
                    .init(.continue, thread: .init(process: .number(1), thread: .all)),
                ]))
        ),
        (
            "vCont;C05:2;S02:-1;c:0",
            .resume(
                .actions([
                    .init(.continue, signal: 5, thread: .init(thread: .number(2))),
                    .init(.step, signal: 2, thread: .init(thread: .all)),
                    .init(.continue, thread: .init(thread: .any)),
                ]))
        ),
        (
            "vCont;r40,4c:p1.2;c",
            .resume(
                .actions([
                    .init(.stepWithin(0x40..<0x4c), thread: .init(process: .number(1), thread: .number(2))),
                    .init(.continue),
                ]))
        ),
        (
            "vCont;t:2;c",
            .resume(.actions([.init(.stop, thread: .init(thread: .number(2))), .init(.continue)]))
        ),
        ("QNonStop:1", .nonStop(.setMode(true))),
        ("QNonStop:0", .nonStop(.setMode(false))),
        ("vStopped", .nonStop(.nextStop)),
        ("vCtrlC", .nonStop(.interrupt)),
        ("c", .resume(.plain(.continue, signal: nil, address: nil))),
        ("s", .resume(.plain(.step, signal: nil, address: nil))),
        ("c80", .resume(.plain(.continue, signal: nil, address: 0x80))),
        ("sdead", .resume(.plain(.step, signal: nil, address: 0xdead))),
        ("C05", .resume(.plain(.continue, signal: 5, address: nil))),
        ("S0b;1000", .resume(.plain(.step, signal: 11, address: 0x1000))),
        // Threads
        ("Hg0", .thread(.selectForAccess(.init(thread: .any)))),
        ("Hgp1.2", .thread(.selectForAccess(.init(process: .number(1), thread: .number(2))))),
        ("Hgp1", .thread(.selectForAccess(.init(process: .number(1), thread: .all)))),
        ("Hc-1", .thread(.selectForResume(.init(thread: .all)))),
        ("Hcp-1.-1", .thread(.selectForResume(.init(process: .all, thread: .all)))),
        ("Tff", .thread(.isAlive(.init(thread: .number(255))))),
        ("qC", .thread(.current)),
        ("qfThreadInfo", .thread(.firstList)),
        ("qsThreadInfo", .thread(.nextList)),
        ("qThreadExtraInfo,1", .thread(.extraInfo(.init(thread: .number(1))))),
        // Queries
        ("?", .query(.stopReason)),
        ("qSupported", .query(.supported([]))),
        ("qSupported:", .query(.supported([]))),
        ("qSupported:;;", .query(.supported([]))),
        ("qSupported:swbreak+", .query(.supported(.softwareBreakpointReason))),
        ("qSupported:swbreak-;hwbreak?;error-message", .query(.supported([]))),
        (
            "qSupported:multiprocess+;swbreak+;hwbreak+;xmlRegisters=i386;error-message+",
            .query(.supported([.multiprocess, .softwareBreakpointReason, .hardwareBreakpointReason, .errorText]))
        ),
        ("qSupported:vContSupported+", .query(.supported(.isGDB))),
        ("QStartNoAckMode", .query(.startNoAckMode)),
        (
            "qXfer:features:read:target.xml:0,ffb",
            .query(.transfer(.init(.features, annex: Array("target.xml".utf8), offset: 0, length: 0xffb)))
        ),
        ("qXfer:threads:read::10,20", .query(.transfer(.init(.threads, annex: [], offset: 0x10, length: 0x20)))),
        ("qRcmd,68656c70", .query(.monitor(Array("help".utf8)))),
        ("qRcmd,", .query(.monitor([]))),
        ("qAttached", .query(.attached)),
        ("qAttached:a410", .query(.attached)),
        ("qSymbol::", .query(.symbol)),
        ("qSymbol:1000:5f74657874", .query(.symbol)),
        // Lifecycle
        ("!", .lifecycle(.extendedMode)),
        ("D", .lifecycle(.detach(nil))),
        ("D;1", .lifecycle(.detach(1))),
        ("k", .lifecycle(.kill)),
        ("vKill;a410", .lifecycle(.killProcess(0xa410))),
        ("vAttach;1", .lifecycle(.attach(1))),
        ("vRun;", .lifecycle(.run([]))),
        ("vRun;2f61;;62", .lifecycle(.run([0x2f, 0x61]))),
        ("Qqemu.sstepbits", .qemu(.stepModeBits)),
        ("Qqemu.sstep", .qemu(.stepMode)),
        ("qqemu.sstep=5", .qemu(.setStepMode(5))),
        ("R00", .lifecycle(.restart)),
        ("R", .lifecycle(.restart)),
    ]

    @Test(arguments: known) func eachPacketIsParsedOnceIntoWhatItMeans(packet: String, command: Command) {
        #expect(Command(Array(packet.utf8)) == command)
    }

    static let malformed = [
        "G", "G0", "G0g", "Gx0", "G0xx0", "p", "p,", "p1;", "p1g", "p10000000000000000", "P", "P1", "P1=", "P1=0",
        "P1=0g", "P=00", "P10000000000000000=00",
        "m", "m0", "m0,", "m,1", "m0,1,", "m0;1", "mxyz,4", "m10000000000000000,1", "m0,10000000000000000", "x", "x0",
        "x0,1:", "M", "M0,1", "M0,1:", "M0,1:0", "M0,1:0000", "M0,1:0g", "M0,2:00", "X0,1", "X0,1:", "X0,1:ab",
        "X0,ffffffffffffffff:a", "M0,ffffffffffffffff:00",
        "Z", "Z0", "Z0,", "Z0,0", "Z0,0,", "Z0,0,4:", "z0,g,4", "Z,0,4", "Z0,10000000000000000,4",
        "vCont", "vCont;", "vCont;c;", "vCont;c:", "vCont;q", "vCont;t:", "vCont;t05", "vCont;r4,0:1", "vCont;c:g",
        "vCont;C",
        "vCont;C100", "vCont;S:1", "vCont;c:-2", "vCont;c:p", "vCont;c:p1.", "vCont;c:p1.x", "vCont;cc", "vCont:c",
        "vCont;c:1,2", "c,", "c10000000000000000", "s:1", "C", "C5;", "C100", "S05;g", "C05:1",
        "Hg", "Hc", "Hgx", "Hg1;", "Hg-2", "Hg--1", "Hcp", "T", "T-", "T1,", "qC:", "qC,1", "qfThreadInfo:",
        "qsThreadInfo,", "qThreadExtraInfo", "qThreadExtraInfo,", "qThreadExtraInfo:1", "qThreadExtraInfo,1;",
        "qSupported;a", "QStartNoAckMode:", "qXfer", "qXfer:features:read", "qXfer:features:read:target.xml",
        "qXfer:features:read:target.xml:", "qXfer:features:read:target.xml:0", "qXfer:features:read:target.xml:0,",
        "qXfer:features:read:target.xml:0,1:", "qXfer:features:read:target.xml:g,1",
        "qXfer:features:read:target.xml:0,10000000000000000", "qRcmd", "qRcmd:00", "qRcmd,0", "qRcmd,0g", "qAttached:",
        "qAttached:g", "qAttached;1", "qSymbol", "D;", "D:1", "D1", "D;g", "vKill", "vKill;", "vKill;g", "vKill:1",
        "R,", "R-1", "vCont;r", "vCont;r1", "vCont;r1,", "vCont;r2,1", "vCont;r1,2,3", "vCont;r1,g:1",
        "Z0,1,4;", "Z0,1,4;X", "Z0,1,4;X3", "Z0,1,4;X3,2200", "Z0,1,4;X3,22002g", "Z0,1,4;X1,2727", "Z0,1,4;Xg,27",
        "Z0,1,4;X1,27X", "Z0,1,4;X1,27,X1,27", "Z1,1,4;cmds", "Z1,1,4;cmds:", "Z1,1,4;cmds:1", "Z1,1,4;cmds:1,",
        "Z1,1,4;cmds:2,X1,27", "Z1,1,4;cmds:X1,27", "Z1,1,4;foo:1,X1,27", "Z0,1,4;Xffffffffffffffff,27",
    ]

    @Test(arguments: malformed) func aKnownPacketWithBadArgumentsIsMalformed(packet: String) {
        let command = Command(Array(packet.utf8))
        guard case .malformed(let text, _) = command else {
            Issue.record("\(packet) is \(command)")
            return
        }
        #expect(text.contains(" take"))
    }

    static let unknown = [
        "", " ", "\u{3}", "\u{ff}", "a", "A", "b", "B1", "bs", "bc", "d", "e", "E01", "F0", "i", "I", "j", "L", "n",
        "O", "OK",
        "r", "t", "u", "U", "w", "W00", "y", "Y",
        // Letters that begin other packets' names.
        "gg", "??", "?1", "!1", "kill", "k1", "xfoo", "mfoo", "Hfoo", "Ha1",
        "H", "Tfoo", "cfoo", "sfoo", "pfoo", "Pfoo", "Zfoo", "Dfoo", "Rfoo", "Xfoo", "Cfoo", "Sfoo",
        // Names are compared whole.
        "q", "Q", "v", "qCRCX:0,4", "qC1", "qc", "QC", "qSupportedX", "qSupport", "vCon", "vContX", "vCont?x",
        "vCont?;c",
        "vMustReplyEmpty", "vKillX;1", "vRunX;", "vFile:open:0,0,0", "qAttachedX", "qXferX:features:read::0,1",
        "qRcmdX,00",
        "qfThreadInfoX", "QStartNoAckModeX", "qStartNoAckMode", "qThreadExtraInfoX,1",
        // Objects and documents that are not offered.
        "qXfer:auxv:read::0,1", "qXfer:features:write:target.xml:0:00", "qXfer:feature:read:target.xml:0,1",
        "qXfer:features", "qXfer:", "qTMinFTPILen", "qHostInfoX", "qXProcessInfo",
        "QNonStopX:1", "vCtrlCX", "vStoppedX",
        "jThreadsInfoX",
        "jThreadExtendedInfo:{}", "qMemoryRegionInfoX:0", "qSearch:registers:0;1;a", "qqemu.sstepX", "Qqemu.sstepX",
        "MultiMemWrite:ranges:0,1;", "qVAttachOrWaitSupported", "qStructuredDataPlugins",
        "_M10,rx", "qTfSTM", "QTSave:a", "QTBuffer:shape:1", "qL1", "qP0",
    ]

    @Test(arguments: unknown) func whatIsNotKnownIsUnknown(packet: String) {
        #expect(Command(Array(packet.utf8)) == .unknown)
    }

    @Test func binaryDataIsTakenAsItIs() {
        let data = (0...255).map { UInt8($0) }
        #expect(Command(Array("X10,100:".utf8) + data) == .memory(.write(address: 0x10, bytes: data)))
    }

    @Test func bytesThatAreNotTextAreNoTrouble() {
        for prefix in ["q", "v", "Q", "m", "Z0,", "vCont;", "vCont;c:", "qXfer:", "qSupported:", "Hg", "G", "P1="] {
            for byte: UInt8 in [0x00, 0x7f, 0x80, 0xc3, 0xff] {
                let command = Command(Array(prefix.utf8) + [byte, byte])
                switch command {
                case .malformed, .unknown, .query(.supported([])): break
                default: Issue.record("\(prefix) with \(byte) is \(command)")
                }
            }
        }
    }
}
