import Execution
import GDBRemote
import GDBStub
import Testing

/// The frames of a trace buffer, and how long definitions last.
extension TraceTests {
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
