import Execution
import GDBRemote
import GDBStub
import Testing

/// A tracepoint's life in packets, with hits in between.
@Suite struct TraceTests {
    static let place: UInt64 = 0x4000_0100

    private func client(vcpus: Int = 2) -> Client { Client(FakeTarget(vcpus: vcpus, hasAgent: true)).connect() }

    /// A tracepoint that collects with these actions, running.
    private func tracing(_ actions: String, definition: String = "E:0:0") -> Client {
        let client = client()
        for packet in ["QTinit", "QTDP:1:40000100:\(definition)-", "QTDP:-1:40000100:\(actions)", "QTStart"] {
            #expect(client.ask(packet) == "OK", "\(packet)")
        }
        return client
    }

    @discardableResult
    private func hit(_ client: Client, vcpu: Int = 0, x0: UInt8 = 0, at address: UInt64 = place) -> Agent.Verdict? {
        client.target.registers[vcpu][0] = [x0, 0, 0, 0, 0, 0, 0, 0]
        client.target.registers[vcpu][FakeTarget.pc] = (0..<8).map { UInt8(truncatingIfNeeded: address >> (8 * $0)) }
        return client.target.agent?.hit(address: address, vcpu: vcpu, target: client.target)
    }

    @Test func isAnnouncedByATargetThatHasIt() {
        let features = client().ask("qSupported:swbreak+") ?? ""
        for name in [
            "ConditionalTracepoints+", "TraceStateVariables+", "TracepointSource+", "EnableDisableTracepoints+",
            "DisconnectedTracing+", "QTBuffer:size+", "tracenz+", "qXfer:traceframe-info:read+",
        ] { #expect(features.contains(";" + name)) }
        let without = Client().connect()
        #expect(without.ask("qSupported:swbreak+")?.contains("race") == false)
        for packet in ["qTStatus", "QTinit", "QTFrame:0", "qTBuffer:0,1", "qXfer:traceframe-info:read::0,10"] {
            #expect(without.ask(packet) == "", "\(packet)")
        }
    }

    @Test func aTracepointCollectsAndNeverStops() {
        let client = tracing("RffffffffM-1,40000010,4M1e,8,2")
        client.target.registers[0][30] = [0x20, 0, 0, 0x40, 0, 0, 0, 0]
        #expect(client.target.agent?.ownAddresses == [Self.place])
        #expect(hit(client, x0: 1) == .pass)
        client.target.ram[0x10] = 0x99
        #expect(hit(client, x0: 2) == .pass)
        #expect(
            client.ask("qTStatus")
                == "T1;tframes:2;tcreated:2;tfree:\(free(client, 2));tsize:500000;circular:0;disconn:0")
        #expect(client.ask("qTP:1:40000100")?.hasPrefix("V2:") == true)
        #expect(client.ask("QTStop") == "OK")
        #expect(client.target.agent?.ownAddresses == [])
        // What comes now is nobody's.
        #expect(hit(client) == nil)

        #expect(client.ask("QTFrame:0") == "F0T1")
        #expect(client.ask("p0") == "0100000000000000")
        #expect(client.ask("p20") == "0001004000000000")
        #expect(client.ask("m40000010,4") == "10111213")
        #expect(client.ask("m40000012,40") == "1213")
        #expect(client.ask("m40000028,2") == "2829")
        #expect(client.ask("m40000020,1")?.hasPrefix("E") == true)
        #expect(client.ask("x40000010,2") == "b\u{10}\u{11}")
        #expect(client.ask("QTFrame:1") == "F1T1")
        #expect(client.ask("p0") == "0200000000000000")
        #expect(client.ask("m40000010,4") == "99111213")
        #expect(client.ask("QTFrame:2") == "F-1")
        // A search without a find changes nothing.
        #expect(client.ask("p0") == "0200000000000000")
        #expect(client.ask("QTFrame:-1") == "OK")
        client.target.ram[0x10] = 0x77
        #expect(client.ask("m40000010,4") == "77111213")
        #expect(client.target.callsWhileRunning == 0)
    }

    /// What is free behind so many frames as the first one is.
    private func free(_ client: Client, _ count: Int) -> String {
        let frame = 6 + 1 + 292 + 11 + 4 + 11 + 2
        return String((5 << 20) - count * (frame + 96), radix: 16)
    }

    @Test func whatWasNotCollectedIsUnavailable() {
        let client = tracing("M-1,40000010,4")
        hit(client, x0: 1)
        #expect(client.ask("QTStop") == "OK")
        #expect(client.ask("QTFrame:0") == "F0T1")
        #expect(client.ask("p0") == String(repeating: "xx", count: 8))
        #expect(client.ask("p23") == String(repeating: "xx", count: 16))
        #expect(client.ask("p8080") == String(repeating: "xx", count: 8))
        // But where it was hit is known.
        #expect(client.ask("p20") == "0001004000000000")
        #expect(client.ask("g")?.contains("xx0001004000000000xx") == true)
        #expect(client.ask("m40000000,4")?.hasPrefix("E") == true)
        #expect(client.ask("QTro:40000000,40000002") == "OK")
        #expect(client.ask("m40000000,4") == "0001")
        #expect(
            client.ask("qXfer:traceframe-info:read::0,1000")
                == "l<?xml version=\"1.0\"?>\n<!DOCTYPE traceframe-info SYSTEM \"traceframe-info.dtd\">\n"
                + "<traceframe-info>\n<memory start=\"0x40000010\" length=\"0x4\"/>\n</traceframe-info>\n")
        #expect(client.ask("QTFrame:-1") == "OK")
        #expect(client.ask("qXfer:traceframe-info:read::0,1000")?.hasPrefix("E") == true)
    }

    @Test(arguments: ["M40000010,1:00", "X40000010,1:a", "P0=0000000000000000", "G00"])
    func thePastCanNotBeChanged(packet: String) {
        let client = tracing("R1")
        hit(client)
        #expect(client.ask("QTStop") == "OK")
        #expect(client.ask("QTFrame:0") == "F0T1")
        let before = client.target.log
        #expect(client.ask(packet)?.contains("tfind none") == true)
        #expect(client.target.log == before)
        // Going on is in the present.
        #expect(client.send("vCont;c") == [])
        _ = client.stop(.paused)
        #expect(client.ask("P0=0500000000000000") == "OK")
    }

    @Test func expressionsCollectMemoryVariablesAndStrings() {
        let client = client()
        client.target.ram.replaceSubrange(0x20..<0x26, with: Array("hello\0".utf8))
        #expect(client.ask("QTinit") == "OK")
        #expect(client.ask("QTDP:1:40000100:E:0:0-") == "OK")
        #expect(client.ask("QTDP:-1:40000100:X9,244000001022040c27X9,24400000180d022927-") == "OK")
        #expect(client.ask("QTDP:-1:40000100:Xa,24400000202300c82f27-") == "OK")
        #expect(client.ask("QTDP:-1:40000100:Xe,2c00052201022d00052e00052927") == "OK")
        #expect(client.ask("QTDV:5:28:0:736565") == "OK")
        #expect(client.ask("QTStart") == "OK")
        hit(client)
        hit(client)
        #expect(client.ask("qTV:5") == "V2a")
        #expect(client.ask("qTV:6") == "U")
        #expect(client.ask("QTStop") == "OK")
        #expect(client.ask("QTFrame:0") == "F0T1")
        #expect(client.ask("m40000010,8") == "10111213")
        #expect(client.ask("m40000018,8") == "1819")
        #expect(client.ask("m40000020,10") == "68656c6c6f00")
        #expect(client.ask("qTV:5") == "V29")
        #expect(client.ask("qXfer:traceframe-info:read::0,1000")?.contains("<tvar id=\"0x5\"/>") == true)
        #expect(client.ask("QTFrame:1") == "F1T1")
        #expect(client.ask("qTV:5") == "V2a")
        // A new experiment begins with the initial values.
        #expect(client.ask("QTStart") == "OK")
        #expect(client.ask("qTV:5") == "V28")
        #expect(client.target.printed == "")
    }

    @Test func whatCanNotBeReadIsMissingAndToldOnce() {
        let client = tracing("M-1,0,4R1")
        hit(client, x0: 3)
        hit(client, x0: 4)
        #expect(client.target.printed.split(separator: "\n").count == 1)
        #expect(client.target.printed.hasPrefix("tracepoint 1 at 0x40000100 on CPU 0: memory can't be read"))
        #expect(client.ask("QTStop") == "OK")
        #expect(client.ask("QTFrame:1") == "F1T1")
        #expect(client.ask("p0") == "0400000000000000")
    }

    @Test func oneHitCollectsNoMoreThanAFrameHolds() {
        let client = client()
        client.target.ram = Array(repeating: 1, count: 2 << 20)
        for packet in [
            "QTinit", "QTDP:1:40000100:E:0:0-", "QTDP:-1:40000100:M-1,40000000,80000M-1,40000000,80000M-1,40000000,10",
            "QTStart",
        ] { #expect(client.ask(packet) == "OK", "\(packet)") }
        hit(client)
        #expect(client.target.printed.contains("one hit collects more than 1048576 bytes"))
        #expect(client.target.memoryVCPUs.count == 2)
        #expect(client.ask("QTStop") == "OK")
        #expect(client.ask("QTFrame:0") == "F0T1")
        #expect(client.ask("m4007ffff,1") == "01")
        #expect(client.ask("m40080000,1")?.hasPrefix("E") == true)
    }

    @Test func aConditionDecidesAndOneThatFailsEndsIt() {
        let client = tracing("R1", definition: "E:0:0:X9,260000164022011327")
        hit(client, x0: 0)
        hit(client, x0: 1)
        #expect(client.ask("qTP:1:40000100")?.hasPrefix("V1:") == true)
        let failing = tracing("R1", definition: "E:0:0:X4,22001727")
        hit(failing)
        let status = failing.ask("qTStatus") ?? ""
        #expect(status.hasPrefix("T0;terror:\(Client.hex("condition: memory can't be read"))"))
        #expect(status.contains(":1;tframes:0;"))
    }

    @Test func thePassCountEndsIt() {
        let client = tracing("R1", definition: "E:0:3")
        for _ in 0..<5 { hit(client) }
        #expect(client.ask("qTStatus")?.hasPrefix("T0;tpasscount:1;tframes:3;") == true)
    }

    @Test func stepsAreCollectedBehindTheHit() {
        let client = client()
        for packet in [
            "QTinit", "QTDP:1:40000100:E:3:0-", "QTDP:-1:40000100:M-1,40000010,1-", "QTDP:-1:40000100:SR1-",
            "QTDP:-1:40000100:M-1,40000020,1", "QTStart",
        ] { #expect(client.ask(packet) == "OK", "\(packet)") }
        let agent = client.target.agent
        hit(client)
        var steps = 0
        while agent?.isStepping(vcpu: 0) == true {
            #expect(agent?.isStepping(vcpu: 1) == false)
            client.target.registers[0][FakeTarget.pc]?[0] += 4
            agent?.stepped(vcpu: 0, target: client.target)
            steps += 1
        }
        #expect(steps == 3)
        // Steps that are given up collect nothing.
        hit(client)
        agent?.endSteps(vcpu: 0)
        #expect(agent?.isStepping(vcpu: 0) == false)
        #expect(client.ask("QTStop") == "OK")
        #expect(client.ask("qTStatus")?.contains("tframes:5;") == true)
        #expect(client.ask("QTFrame:0") == "F0T1")
        #expect(client.ask("m40000010,1") == "10")
        #expect(client.ask("m40000020,1")?.hasPrefix("E") == true)
        #expect(client.ask("QTFrame:3") == "F3T1")
        #expect(client.ask("m40000020,1") == "20")
        #expect(client.ask("m40000010,1")?.hasPrefix("E") == true)
        #expect(client.ask("p20") == "0c01004000000000")
    }

    @Test func framesAreFoundByWhatTheyAre() {
        let client = client()
        for packet in [
            "QTinit", "QTDP:1:40000100:E:0:0-", "QTDP:-1:40000100:R1", "QTDP:2:40000200:E:0:0-",
            "QTDP:-2:40000200:M-1,40000000,1", "QTStart",
        ] { #expect(client.ask(packet) == "OK", "\(packet)") }
        for address in [Self.place, 0x4000_0200, Self.place, 0x4000_0200] as [UInt64] { hit(client, at: address) }
        #expect(client.ask("QTStop") == "OK")
        let searches = [
            ("QTFrame:tdp:2", "F1T2"), ("QTFrame:tdp:2", "F3T2"), ("QTFrame:tdp:2", "F-1"), ("QTFrame:-1", "OK"),
            ("QTFrame:pc:40000200", "F1T2"), ("QTFrame:pc:40000100", "F2T1"), ("QTFrame:pc:40000100", "F-1"),
            ("QTFrame:0", "F0T1"), ("QTFrame:range:40000101:40000200", "F1T2"), ("QTFrame:-1", "OK"),
            ("QTFrame:outside:40000200:40000300", "F0T1"), ("QTFrame:outside:40000200:40000300", "F2T1"),
            ("QTFrame:outside:0:ffffffffffffffff", "F-1"), ("QTFrame:ffffffff", "OK"),
            ("QTFrame:tdp:3", "F-1"), ("QTFrame:4", "F-1"), ("QTFrame:fffffffffffffffe", "F-1"),
        ]
        for (packet, reply) in searches { #expect(client.ask(packet) == reply, "\(packet)") }
    }

    @Test func aFullBufferEndsItUnlessItIsCircular() {
        let client = client()
        for packet in [
            "QTinit", "QTDP:1:40000100:E:0:0-", "QTDP:-1:40000100:R1", "QTBuffer:size:1000", "QTStart",
        ] { #expect(client.ask(packet) == "OK", "\(packet)") }
        for index in 0..<20 { hit(client, x0: UInt8(index)) }
        let frames = 4096 / (6 + 1 + 292 + 96)
        #expect(client.ask("qTStatus")?.hasPrefix("T0;tfull:0;tframes:\(String(frames, radix: 16));") == true)
        #expect(client.ask("QTBuffer:circular:1") == "OK")
        #expect(client.ask("QTStart") == "OK")
        for index in 0..<200 { hit(client, x0: UInt8(index)) }
        let status = client.ask("qTStatus") ?? ""
        #expect(status.hasPrefix("T1;tframes:\(String(frames, radix: 16));tcreated:c8;"))
        #expect(client.ask("QTBuffer:size:2000")?.hasPrefix("E") == true)
        #expect(client.ask("QTStop") == "OK")
        #expect(client.ask("QTFrame:0") == "F0T1")
        #expect(client.ask("p0")?.hasPrefix(String(200 - frames, radix: 16)) == true)
        // Frames that no longer have room go, oldest first, and nothing is looked at.
        #expect(client.ask("QTBuffer:size:200") == "OK")
        #expect(client.ask("qTStatus")?.contains("tframes:1;") == true)
        #expect(client.ask("p0") == "c700000000000000")
        #expect(client.ask("QTFrame:0") == "F0T1")
        #expect(client.ask("QTBuffer:size:ffffffffffffffff")?.hasPrefix("E") == true)
        #expect(client.ask("QTBuffer:size:-1") == "OK")
        #expect(client.ask("qTStatus")?.contains("tsize:500000;") == true)
    }

    @Test func theBufferIsReadAsATraceFileHasIt() {
        let client = tracing("M-1,40000010,2X6,2e000722" + "0027")
        #expect(client.ask("QTDV:7:102:0:61") == "OK")
        hit(client)
        hit(client)
        #expect(client.ask("QTStop") == "OK")
        let frame =
            "01001a000000" + "4d1000004000000000" + "0200" + "1011" + "5607000000" + "0201000000000000"
        #expect(client.ask("qTBuffer:0,1000") == frame + frame)
        #expect(client.ask("qTBuffer:0,2") == "0100")
        #expect(client.ask("qTBuffer:1f,4") == "00" + "01001a")
        #expect(client.ask("qTBuffer:3f,8") == "00")
        #expect(client.ask("qTBuffer:40,8") == "l")
        #expect(client.ask("qTBuffer:ffffffffffffffff,8") == "l")
    }

    @Test func definitionsAreToldToTheNextClient() {
        let client = client()
        let long = "R" + String(repeating: "f", count: 40) + "3"
        for packet in [
            "QTinit", "QTDP:1:40000100:E:2:5:X3,220127-", "QTDP:-1:40000100:\(long)M1f,8,4-", "QTDP:-1:40000100:SR1",
            "QTDPsrc:1:40000100:at:0:5:7669736974", "QTDPsrc:1:40000100:cmd:0:3:656e64", "QTDP:2:40000200:D:0:0",
            "QTDV:1:5:0:73", "QTDV:2:ffffffffffffffff:1:74",
        ] { #expect(client.ask(packet) == "OK", "\(packet)") }
        client.disconnect()
        let next = Client(client.target).connect()
        var replies = [next.ask("qTfP") ?? ""]
        while replies.count < 20, replies.last != "l" { replies.append(next.ask("qTsP") ?? "") }
        #expect(
            replies == [
                "T1:40000100:E:2:5:X3,220127", "A1:40000100:Rffffffff3", "A1:40000100:M1f,8,4", "S1:40000100:R1",
                "Z1:40000100:at:0:5:7669736974", "Z1:40000100:cmd:0:3:656e64", "T2:40000200:D:0:0", "l",
            ])
        #expect(next.ask("qTfV") == "1:5:0:73")
        #expect(next.ask("qTsV") == "2:ffffffffffffffff:1:74")
        #expect(next.ask("qTsV") == "l")
        #expect(next.ask("qTsV") == "l")
    }

    @Test func itEndsWithItsClientUnlessToldOtherwise() {
        let client = tracing("R1")
        client.disconnect()
        #expect(hit(client) == nil)
        let next = Client(client.target).connect()
        #expect(next.ask("qTStatus")?.hasPrefix("T0;tdisconnected:0;") == true)
        #expect(next.ask("QTDisconnected:1") == "OK")
        #expect(next.ask("QTStart") == "OK")
        next.disconnect()
        #expect(client.target.agent?.ownAddresses == [Self.place])
        #expect(hit(client) == .pass)
        let last = Client(client.target).connect()
        #expect(last.ask("qTStatus")?.hasPrefix("T1;tframes:1;") == true)
        #expect(last.ask("qTStatus")?.hasSuffix("disconn:1") == true)
    }

    @Test func tracepointsAndBreakpointsShareAPlace() {
        let client = tracing("R1")
        #expect(client.ask("Z0,40000100,4;X9,260000164022011327") == "OK")
        #expect(hit(client, x0: 0) == .pass)
        #expect(hit(client, x0: 1) == .stop(.softwareBreakpoint))
        #expect(client.ask("z0,40000100,4") == "OK")
        #expect(hit(client, x0: 1) == .pass)
        #expect(client.ask("qTStatus")?.contains("tframes:3;") == true)
        #expect(client.ask("QTDisable:1:40000100") == "OK")
        #expect(client.target.agent?.ownAddresses == [])
        #expect(hit(client) == .pass)
        #expect(client.ask("QTEnable:1:40000100") == "OK")
        hit(client)
        #expect(client.ask("qTStatus")?.contains("tframes:4;") == true)
    }

    @Test(arguments: [
        "QTDP:1:40000100:E:0:0", "QTDP:0:40000100:E:0:0", "QTDP:10000:40000100:E:0:0", "QTDP:3:40000100:E:0:0:F4",
        "QTDP:3:40000100:E:0:0:S", "QTDP:3:40000100:E:2711:0", "QTDP:3:40000100:E:0:0:X1,27", "QTDP:-2:40000100:R1",
        "QTDP:-1:40000104:R1",
        "QTDP:-1:40000100:X1,02", "QTDPsrc:2:40000100:at:0:1:61", "QTEnable:2:40000100", "QTDisable:1:0",
        "qTP:2:40000100", "QTDV:10000:0:0:61", "QTFrame:pc",
    ])
    func whatMakesNoSenseIsRefused(packet: String) {
        let client = client()
        #expect(client.ask("QTDP:1:40000100:E:0:0") == "OK")
        #expect(client.ask(packet)?.hasPrefix("E.") == true)
        #expect(client.ask("QTStart") == "OK")
        // Nothing is defined while it runs.
        #expect(client.ask("QTDP:4:40000300:E:0:0")?.hasPrefix("E.") == true)
        #expect(client.ask("QTStart")?.hasPrefix("E.") == true)
    }

    @Test func definitionsHaveALimitTogether() {
        let client = client()
        var accepted = 0
        for index in 1...5000 where client.ask("QTDP:\(String(index, radix: 16)):0:E:0:0") == "OK" { accepted += 1 }
        #expect(accepted == 4096)
        #expect(client.ask("QTinit") == "OK")
        #expect(client.ask("QTDP:1:0:E:0:0") == "OK")
        let text = String(repeating: "61", count: 60000)
        accepted = 0
        for _ in 0..<100 where client.ask("QTDPsrc:1:0:cmd:0:ea60:\(text)") == "OK" { accepted += 1 }
        #expect(accepted == (4 << 20) / 60003)
        accepted = 0
        for index in 0..<2000 where client.ask("QTDV:\(String(index, radix: 16)):0:0:61") == "OK" { accepted += 1 }
        #expect(accepted == 1024)
    }
}
