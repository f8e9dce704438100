import Execution
import GDBRemote
import GDBStub
import Testing

/// A tracepoint's life in packets, with hits in between.
@Suite struct TraceTests {
    static let place: UInt64 = 0x4000_0100

    func client(vcpus: Int = 2) -> Client { Client(FakeTarget(vcpus: vcpus, hasAgent: true)).connect() }

    /// A tracepoint that collects with these actions, running.
    func tracing(_ actions: String, definition: String = "E:0:0") -> Client {
        let client = client()
        for packet in ["QTinit", "QTDP:1:40000100:\(definition)-", "QTDP:-1:40000100:\(actions)", "QTStart"] {
            #expect(client.ask(packet) == "OK", "\(packet)")
        }
        return client
    }

    @discardableResult
    func hit(_ client: Client, vcpu: Int = 0, x0: UInt8 = 0, at address: UInt64 = place) -> Agent.Verdict? {
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
        // Later hits belong to no tracepoint.
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

    /// The free bytes after that many frames like the first.
    func free(_ client: Client, _ count: Int) -> String {
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
        // Resuming affects the machine, not the frame.
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
}
