import Execution
import GDBRemote
import GDBStub
import Testing

/// Input that is damaged, divided, too large or too fast.
@Suite struct RobustnessTests {
    /// The packets of a GDB from attach to detach, with a breakpoint and a step, and the machine's stops in between.
    static let transcript: [(bytes: String, stop: StopEvent?)] = [
        ("+$qSupported:multiprocess+;swbreak+;hwbreak+;error-message+#0c", nil),
        ("+$vMustReplyEmpty#3a+$QStartNoAckMode#b0+$Hgp0.0#ad$qXfer:features:read:target.xml:0,1ffb#0d", nil),
        ("$qTStatus#49$?#3f$qfThreadInfo#bb$qsThreadInfo#c8$qAttached#8f$Hc-1#09$qC#b4$g#67$m40000000,40#00", nil),
        (
            "$X40000010,5:}\u{3}}]]*!#00$x40000010,8#00$Z0,40000010,4#4a$vCont;c:p1.-1#00",
            StopEvent(.softwareBreakpoint, vcpu: 1)
        ),
        ("$g#67$z0,40000010,4#6a$vCont;s:p1.2#00\u{3}", StopEvent(.stepped, vcpu: 1)),
        ("$P20=8000004000000000#00$qXfer:threads:read::0,1000#92$vCont;c#a8", StopEvent(.paused, vcpu: 0)),
        ("$qRcmd,68656c70#00$bogus#00$Z2,40000020,8#00$D#44", nil),
    ]

    /// The transcript's bytes with the checksums put right.
    static func chunks() -> [(bytes: [UInt8], stop: StopEvent?)] {
        transcript.map { part in
            var bytes: [UInt8] = []
            var data: [UInt8]?
            var skip = 0
            for byte in part.bytes.utf8 {
                if skip > 0 {
                    skip -= 1
                } else if let packet = data, byte == UInt8(ascii: "#") {
                    bytes += Client.frame(packet)
                    data = nil
                    skip = 2
                } else if data != nil {
                    data?.append(byte)
                } else if byte == UInt8(ascii: "$") {
                    data = []
                } else {
                    bytes.append(byte)
                }
            }
            return (bytes, part.stop)
        }
    }

    /// Plays the transcript, each part cut at the place, and returns all that the session sent and asked for.
    func play(cutAt cut: Int?, each size: Int? = nil) -> (sent: [UInt8], actions: [SessionAction], target: FakeTarget) {
        let client = Client()
        for (bytes, stop) in Self.chunks() {
            if let size {
                for start in stride(from: 0, to: bytes.count, by: size) {
                    _ = client.sendRaw(Array(bytes[start..<min(bytes.count, start + size)]))
                }
            } else {
                let cut = min(cut ?? bytes.count, bytes.count)
                _ = client.sendRaw(Array(bytes[..<cut]))
                _ = client.sendRaw(Array(bytes[cut...]))
            }
            if let stop { _ = client.stop(stop.reason, vcpu: stop.vcpu) }
        }
        return (client.received, client.actions, client.target)
    }

    @Test func aSessionIsTheSameHoweverItsBytesAreCut() {
        let whole = play(cutAt: nil)
        let text = Client.text(whole.sent)
        #expect(text.contains("T05swbreak:;thread:p1.2;"))
        #expect(text.firstRange(of: "$E") == nil)
        #expect(
            whole.actions == [
                .resume(ResumePlan(actions: [.continue, .continue])), .resume(ResumePlan(actions: [.hold, .step])),
                .interrupt, .resume(ResumePlan(actions: [.continue, .continue])), .detach,
            ])
        let longest = Self.chunks().map(\.bytes.count).max() ?? 0
        for cut in 0...longest {
            let cutUp = play(cutAt: cut)
            #expect(cutUp.sent == whole.sent, "cut at \(cut)")
            #expect(cutUp.actions == whole.actions, "cut at \(cut)")
        }
        for size in [1, 2, 3, 7] {
            let pieces = play(cutAt: nil, each: size)
            #expect(pieces.sent == whole.sent, "pieces of \(size)")
            #expect(pieces.actions == whole.actions, "pieces of \(size)")
        }
    }

    @Test func aDamagedPacketIsAskedForAgainAndNotDone() {
        let client = Client()
        var bytes = Client.frame(Array("M40000000,1:ff".utf8))
        bytes[10] ^= 1
        #expect(client.sendRaw(bytes) == [])
        #expect(client.signs == "-")
        #expect(client.target.log == [])
        #expect(client.ask("M40000000,1:ff") == "OK")
        #expect(client.signs == "-+")
    }

    @Test func aDamagedPacketIsAnErrorWhereNobodyAcknowledges() {
        let client = Client().connect()
        #expect(client.sendRaw(Array("$M40000000,1:ff#00".utf8)) == ["E.the packet's checksum is wrong"])
        #expect(client.target.log == [])
        #expect(client.ask("qC") == "QC1")
    }

    @Test func aPacketThatIsTooLargeIsRefusedAndTheSessionLives() {
        let client = Client(FakeTarget(ramSize: 0x30000))
        let data = Array("X40000000,20000:".utf8) + [UInt8](repeating: 0x61, count: 0x20000)
        #expect(client.sendRaw(Client.frame(data)) == ["E07"])
        #expect(client.target.log == [])
        #expect(client.ask("qC") == "QC1")
        #expect(client.signs == "++")
        #expect(client.sendRaw([UInt8](repeating: 0x61, count: 1 << 20)) == [])
        #expect(client.sendRaw(Array("$".utf8) + [UInt8](repeating: 0x61, count: 1 << 20)) == [])
        #expect(client.ask("qC") == "QC1")
    }

    @Test func escapesThatMakeNoSenseAreRefused() {
        let client = Client().connect()
        #expect(client.sendRaw(Client.frame(Array("X40000000,1:}".utf8))).first?.hasPrefix("E.") == true)
        #expect(client.sendRaw(Client.frame(Array("m}".utf8))).first?.hasPrefix("E.") == true)
        #expect(client.target.log == [])
        #expect(client.ask("qC") == "QC1")
    }

    @Test func aFloodOfRequestsDoesNotBecomeAFloodOfReplies() {
        let target = FakeTarget(ramSize: 0x20000)
        target.ram = (0..<0x20000).map { UInt8(truncatingIfNeeded: $0 &* 167 ^ $0 >> 8) }
        var session = DebugSession(target: target, initialStop: StopEvent(.paused, vcpu: 0), version: "")
        let request = Client.frame(Array("m40000000,10000".utf8))
        session.receive(Array(repeatElement(request, count: 50).joined()))
        var decoder = PacketDecoder(undoesRuns: true)
        var replies = 0
        while true {
            let output = session.takeOutput()
            #expect(output.count < 2 << 20)
            var index = 0
            while let event = decoder.next(in: output, from: &index) {
                if case .packet(let data) = event {
                    #expect(data.count == 0x20000)
                    replies += 1
                }
            }
            guard session.hasWork else { break }
            session.continueWork()
        }
        #expect(replies == 50)
    }

    @Test func inputThatWaitsIsNotLost() {
        let target = FakeTarget(ramSize: 0x20000)
        target.ram = (0..<0x20000).map { UInt8(truncatingIfNeeded: $0 &* 167 ^ $0 >> 8) }
        var session = DebugSession(target: target, initialStop: StopEvent(.paused, vcpu: 0), version: "")
        for _ in 0..<20 { session.receive(Client.frame(Array("m40000000,10000".utf8))) }
        session.receive(Client.frame(Array("vCont;c".utf8)))
        #expect(session.takeActions() == [])
        repeat {
            session.continueWork()
            _ = session.takeOutput()
        } while session.hasWork
        #expect(session.takeActions() == [.resume(ResumePlan(actions: [.continue, .continue]))])
        session.disconnected()
        #expect(session.takeActions() == [.interrupt])
    }

    @Test func aClientThatReadsNothingDoesNotMakeTheConsoleGrow() {
        var session = DebugSession(target: FakeTarget(), initialStop: StopEvent(.paused, vcpu: 0), version: "")
        session.receive(Client.frame(Array("vCont;c".utf8)))
        let text = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
        for _ in 0..<1000 { session.consoleOutput(text) }
        #expect(session.takeOutput().count < 2 << 20)
    }
}
