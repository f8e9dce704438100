import Execution
import GDBRemote
import GDBStub
import TestSupport
import Testing

/// A random client and a random machine against the session, with what must hold whatever they do.
@Suite struct SessionFuzzTests {
    @Test func whateverHappensASessionKeepsItsRules() {
        fuzz("session") { random in
            var fuzzer = SessionFuzzer(random)
            for _ in 0..<60 { fuzzer.step() }
            fuzzer.end()
        }
    }
}

/// One session with a model of what it owes: one reply for each packet, one stop reply for each resume.
private struct SessionFuzzer {
    private var random: SeededRandom
    private let client: Client
    /// A copy of the session's decoder, which shows where each event of the stream ends.
    private var probe = PacketDecoder()
    private var isRunning = false
    private var isInterrupted = false
    /// A `D`, `k` or `vKill`, or the end of the connection, has been seen.
    private var isEnding = false
    private var isEnded = false
    private var replyAtEnd: String?

    init(_ random: SeededRandom) {
        self.random = random
        client = Client(FakeTarget(vcpus: 1 + self.random.below(3), ramSize: 256, hasAgent: self.random.chance(70)))
        if self.random.chance(50) { client.target.haveEverything() }
    }

    // MARK: What may happen

    mutating func step() {
        if random.chance(10) { client.target.nextError = .noSpace("#$}* no") }
        switch random.below(100) {
        case 0..<55: send(packet())
        case 55..<60: send([3])
        case 60..<63: send(Array(random.pick(["+", "-", "--", "+-+"]).utf8))
        case 63..<70: send((0..<random.below(40)).map { _ in UInt8(random.below(256)) })
        case 70..<75: console()
        case 75..<98: stop()
        case 98: disconnect()
        default: send(packet() + packet() + [3] + packet())
        }
    }

    private static let packets = [
        "?", "g", "p0", "p22", "p8080", "P0=0102030405060708", "P21=00000000", "m40000000,10", "m400000f0,20",
        "m0,4",
        "x40000000,40", "x0,0", "M40000000,2:0102", "X40000010,3:abc", "Z0,40000000,4", "z0,40000000,4", "Z2,1,8",
        "Z0,40000000,4;X4,26000027", "Z1,40000004,4;X3,220127X9,260000164022011327;cmds:1,X4,22002927",
        "Z0,40000000,4;cmds:0,Xf,22002200340000066869215c6e0027",
        "Z5,0,0", "vCont?", "vCont;r40000000,40000010:1;c", "vCont;r0,0",
        "vCont;c", "vCont;s:1", "vCont;s:p1.1;c:p1.-1", "vCont;c:2", "c", "s", "c40000000", "C05",
        "Hg1",
        "Hg0", "Hc2", "Hc-1", "T1", "T9", "qC", "qfThreadInfo", "qsThreadInfo", "qThreadExtraInfo,1", "qSupported",
        "qSupported:swbreak+;hwbreak+;error-message+", "QStartNoAckMode", "qXfer:features:read:target.xml:0,100",
        "QTinit", "QTDP:1:40000000:E:0:0:X4,26000027-", "QTDP:-1:40000000:R3FFFFFFFFM-1,40000000,10X5,2200280c27-",
        "QTDP:2:40000004:D:5:3-", "QTDP:-2:40000004:SR1X4,22200d0127", "QTDPsrc:1:40000000:cmd:0:4:61626364",
        "QTDV:1:5:0:61", "QTro:40000000,40000010:0,8", "QTStart", "QTStop", "QTEnable:2:40000004", "qTStatus",
        "QTDisable:2:40000004", "QTDisconnected:1", "QTBuffer:circular:1", "QTBuffer:size:1000", "QTBuffer:size:-1",
        "QTNotes:user:61", "QTFrame:0", "QTFrame:-1", "QTFrame:ffffffff", "QTFrame:pc:40000000", "QTFrame:tdp:1",
        "QTFrame:range:0:ffffffffffffffff", "QTFrame:outside:0:8", "qTP:1:40000000", "qTV:1", "qTfP", "qTsP", "qTfV",
        "qTsV", "qTBuffer:0,100", "qTBuffer:40,1", "qXfer:traceframe-info:read::0,ff",
        "qXfer:features:read:target.xml:100,fff", "qXfer:threads:read::0,40", "qXfer:threads:read::40,40",
        "qRcmd,68656c70",
        "qRcmd,7265736574", "qRcmd,666f6f", "qAttached", "qSymbol::", "qTStatus", "vMustReplyEmpty", "R00",
        "qHostInfo", "qProcessInfo", "qGDBServerVersion", "QThreadSuffixSupported", "QListThreadsInStopReply",
        "QEnableErrorStrings", "qMemoryRegionInfo:", "qMemoryRegionInfo:40000000", "qMemoryRegionInfo:ffffffffffffffff",
        "qWatchpointSupportInfo:", "qRegisterInfo0", "qRegisterInfo23", "qThreadStopInfo1", "jThreadsInfo",
        "MultiMemRead:ranges:40000000,8,0,1;", "qEcho:1", "g;thread:2;", "p0;thread:1;",
        "P0=0102030405060708;thread:1;",
        "qqemu.sstepbits", "qqemu.sstep", "Qqemu.sstep=1", "qqemu.PhyMemMode", "Qqemu.PhyMemMode:1", "qOffsets",
        "qSearch:memory:40000000;100;01", "qCRC:40000000,80", "QPassSignals:1", "QThreadEvents:1", "QThreadEvents:0",
        "qXfer:osdata:read::0,40", "qXfer:osdata:read:cpus:20,40", "qXfer:memory-map:read::0,1000",
        "QNonStop:1", "vStopped", "vCtrlC", "vCont;t",
        "qSupported:multiprocess+;vContSupported+", "qRcmd,782f34",
        "G" + String(repeating: "00", count: 292), "G" + String(repeating: "xx", count: 292),
    ]
    private static let ends = ["D", "k", "vKill;1", "D;1"]

    private mutating func packet() -> [UInt8] {
        var data = Array((random.chance(1) ? random.pick(Self.ends) : random.pick(Self.packets)).utf8)
        if random.chance(30) {
            for _ in 0..<(1 + random.below(3)) where !data.isEmpty {
                let place = random.below(data.count)
                switch random.below(5) {
                case 0: data[place] = UInt8(random.below(256))
                case 1: data.insert(random.pick(Array(",;:=-.px0f*}".utf8)), at: place)
                case 2: data.remove(at: place)
                case 3: data.replaceSubrange(place..<(place + 1), with: Array("ffffffffffffffff".utf8))
                default: data = Array(data[..<place])
                }
            }
        }
        if random.chance(70) {
            data = data.flatMap { "#$}*".utf8.contains($0) ? [0x7d, $0 ^ 0x20] : [$0] }
        }
        // Extended mode, in which `D` and `k` do not end the session, is not part of the model.
        if data == Array("!".utf8) { data = Array("?".utf8) }
        var frame = Client.frame(data)
        if random.chance(3) { frame[random.below(frame.count)] ^= 1 << UInt8(random.below(8)) }
        return frame
    }

    // MARK: What must hold

    /// Sends bytes event by event, in random pieces.
    private mutating func send(_ bytes: [UInt8]) {
        var index = 0
        while index < bytes.count {
            let start = index
            // A malformed checksum is detected only with the byte after it, which may be an event of its own: digits
            // are sent instead.
            let before = probe
            let event = probe.next(in: bytes, from: &index)
            var again = before
            var none = 0
            if event == .damaged, again.next(in: Array(bytes[start..<index]), from: &none) == nil {
                probe = before
                return send(Array(bytes[start..<index]) + Array("00".utf8))
            }
            var replies: [String] = []
            client.signs = ""
            let wasAcknowledging = isAcknowledging
            var position = start
            while position < index {
                let end = random.chance(70) ? index : min(index, position + 1 + random.below(5))
                replies += client.sendRaw(Array(bytes[position..<end]))
                position = end
            }
            check(event, replies, wasAcknowledging)
        }
    }

    private var isAcknowledging = true
    private var isLLDB = false

    private mutating func check(_ event: PacketDecoder.Event?, _ replies: [String], _ wasAcknowledging: Bool) {
        let actions = client.takeActions()
        expect(client.target.callsWhileRunning == 0)
        expect(!replies.contains { $0.hasPrefix("<") })
        if isEnding {
            expect(replies.isEmpty && actions.isEmpty && client.signs.isEmpty)
            return
        }
        let answers = replies.filter { !$0.hasPrefix("O") || $0 == "OK" }
        switch event {
        case nil, .acknowledgement:
            expect(replies.isEmpty && actions.isEmpty)
        case .negativeAcknowledgement:
            expect(replies.count <= (wasAcknowledging ? 1 : 0) && actions.isEmpty)
        case .interrupt:
            expect(replies.isEmpty && actions == (isRunning && !isInterrupted ? [.interrupt] : []))
            if isRunning { isInterrupted = true }
        case .damaged where wasAcknowledging:
            expect(replies.isEmpty && actions.isEmpty && client.signs == "-")
        case .damaged, .undecodable, .oversized:
            expect(answers.count == 1 && answers[0].hasPrefix("E") && actions.isEmpty)
        case .packet(let data):
            expect(client.signs == (wasAcknowledging ? "+" : ""))
            if data == Array("QStartNoAckMode".utf8) { isAcknowledging = false }
            if data == Array("QListThreadsInStopReply".utf8) { isLLDB = true }
            check(Command(data), answers, actions)
        }
    }

    private mutating func check(_ command: Command, _ answers: [String], _ actions: [SessionAction]) {
        switch command {
        case .lifecycle(.detach(nil)), .lifecycle(.detach(1)), .lifecycle(.kill), .lifecycle(.killProcess(1)):
            isEnding = true
            var action = SessionAction.kill
            if case .lifecycle(.detach) = command { action = .detach }
            // Only LLDB hears of a kill.
            let reply = command == .lifecycle(.kill) ? (isLLDB ? "W00" : nil) : "OK"
            if isRunning {
                expect(answers.isEmpty && actions == (isInterrupted ? [] : [.interrupt]))
                replyAtEnd = reply
            } else {
                expect(isEnd(answers, reply) && actions == [action])
                checkEnd()
            }
        case .lifecycle(.restart) where !isRunning:
            expect(answers.isEmpty && actions.isEmpty)
        case .resume(.actions), .resume(.plain):
            expect(answers.count + actions.count == 1)
            if case .resume(let plan)? = actions.first {
                expect(!isRunning && plan.actions.count == client.target.vcpuCount)
                isRunning = true
                isInterrupted = false
            } else {
                expect(answers.first?.hasPrefix("E") == true)
            }
        case .malformed:
            expect(answers.count == 1 && answers[0].hasPrefix("E") && actions.isEmpty)
        case .unknown:
            expect(answers == [""] && actions.isEmpty)
        default:
            expect(answers.count == 1 && actions.isEmpty)
        }
        if case .memory(.read) = command { expect(answers.first?.hasPrefix("E.") == false) }
        if case .memory(.readBinary) = command { expect(answers.first?.hasPrefix("E.") == false) }
    }

    /// Hits of breakpoints while the machine runs.
    private mutating func hits() {
        let target = client.target
        target.isRunning = false
        for _ in 0..<random.below(8) {
            let vcpu = random.below(target.vcpuCount)
            let address = FakeTarget.ramBase + UInt64(4 * random.below(3))
            _ = target.agent?.hit(address: address, vcpu: vcpu, target: target)
            for _ in 0..<10 where target.agent?.isStepping(vcpu: vcpu) == true {
                target.agent?.stepped(vcpu: vcpu, target: target)
            }
            target.agent?.endSteps(vcpu: vcpu)
        }
    }

    private mutating func stop() {
        if isRunning && random.chance(80) { hits() }
        let reason = random.pick([
            StopEvent.Reason.paused, .stepped, .softwareBreakpoint, .hardwareBreakpoint, .caughtException, .failed,
            .poweredOff(status: 1), .watchpoint(.readWatchpoint, address: .max),
            .watchpoint(.hardwareBreakpoint, address: 0), .turnedOn, .turnedOff,
        ])
        // The stop may be described on the console before the reply.
        let replies = client.stop(reason, vcpu: random.below(5) - 1).filter { !$0.hasPrefix("O") || $0 == "OK" }
        let actions = client.takeActions()
        expect(client.target.callsWhileRunning == 0)
        if !isRunning || isEnded {
            expect(replies.isEmpty && actions.isEmpty)
        } else if isEnding {
            expect(isEnd(replies, replyAtEnd) && (actions == [.detach] || actions == [.kill]))
            checkEnd()
        } else {
            expect(replies.count == 1 && "TWXw".contains(replies[0].prefix(1)) && actions.isEmpty)
        }
        isRunning = false
    }

    private mutating func console() {
        let replies = client.console(String(repeating: "text ", count: random.below(100)))
        expect(replies.allSatisfy { $0.hasPrefix("O") } && (isRunning && !isEnding || replies.isEmpty))
        expect(client.takeActions().isEmpty)
    }

    private mutating func disconnect() {
        client.disconnect()
        let actions = client.takeActions()
        replyAtEnd = nil
        if isEnding {
            expect(actions.isEmpty)
        } else if isRunning {
            expect(actions == (isInterrupted ? [] : [.interrupt]))
        } else {
            expect(actions == [.detach])
            checkEnd()
        }
        isEnding = true
    }

    /// Whether these are the one reply that begins so, or none.
    private func isEnd(_ answers: [String], _ reply: String?) -> Bool {
        answers.count == (reply == nil ? 0 : 1) && answers.allSatisfy { $0.hasPrefix(reply ?? "") }
    }

    private mutating func checkEnd() {
        expect(!isEnded && client.isEnded && client.target.stopPoints.isEmpty)
        isEnded = true
    }

    /// Ends the connection, and checks that no setting of the session remains.
    mutating func end() {
        if !isEnding { disconnect() }
        if !isEnded { stop() }
        expect(isEnded && client.isEnded && client.target.stopPoints.isEmpty)
    }

    private func expect(_ holds: Bool, line: Int = #line) {
        if !holds { Issue.record("a rule is broken (line \(line)): \(random.comment)") }
    }
}
