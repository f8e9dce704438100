import Foundation
import GDBRemote
import GDBStub
import TestSupport
import Testing

/// Sessions over a target that has none of the capabilities.
@Suite struct CoreTargetTests {
    /// Sends a packet, and returns the packets that come back.
    private func send(_ packet: String, to server: inout CountingServer) -> [String] {
        var decoder = PacketDecoder(undoesRuns: true)
        let output = server.receive(Client.frame(Array(packet.utf8)))
        var index = 0
        var packets: [String] = []
        while let event = decoder.next(in: output, from: &index) {
            if case .packet(let data) = event { packets.append(Client.text(data)) }
        }
        return packets
    }

    @Test func `a whole session needs the core of a target only`() {
        var server = CountingServer(CountingMachine())
        func ask(_ packet: String) -> String { send(packet, to: &server).joined(separator: "|") }
        let features = ask("qSupported:swbreak+;hwbreak+;error-message+")
        #expect(
            features == "PacketSize=20000;QStartNoAckMode+;qXfer:features:read+;qXfer:threads:read+;vContSupported+;"
                + "binary-upload+;swbreak+;hwbreak+;qEcho+;MultiMemRead+;error-message+")
        #expect(ask("QStartNoAckMode") == "OK")
        #expect(ask("qXfer:features:read:target.xml:0,10000").contains("<architecture>riscv:rv64</architecture>"))
        #expect(ask("?").hasPrefix("T05thread:1;core:0;"))
        #expect(ask("qfThreadInfo") == "m1")
        #expect(ask("qThreadExtraInfo,1") == Client.hex("CPU 0"))
        // Registers.
        #expect(ask("p20") == "0000000000000000")
        #expect(ask("P1=0500000000000000") == "OK")
        #expect(ask("g") == "0000000000000000" + "0500000000000000" + String(repeating: "0", count: 31 * 16))
        #expect(ask("G" + String(repeating: "0", count: 33 * 16)) == "OK")
        // Memory.
        #expect(ask("M10,2:abcd") == "OK")
        #expect(ask("mf,4") == "00abcd00")
        #expect(ask("mfff,4") == "00")
        #expect(ask("m1000,4") == "E0e")
        #expect(ask("M1000,1:00") == "E.there is no memory at this address")
        // A breakpoint, a step and a continue.
        #expect(ask("Z0,10,4") == "OK")
        #expect(ask("vCont;s:1").hasPrefix("T05thread:1;"))
        #expect(ask("p20") == "0400000000000000")
        #expect(ask("vCont;c").hasPrefix("T05swbreak:;thread:1;"))
        #expect(ask("p20") == "1000000000000000")
        #expect(ask("p1") == "0400000000000000")
        #expect(ask("z0,10,4") == "OK")
        #expect(ask("Z0,20,4") == "OK")
        #expect(ask("c").hasPrefix("T05swbreak:;thread:1;"))
        #expect(ask("D") == "OK")
        let isClosed = server.isClosed
        #expect(isClosed)
    }

    @Test(arguments: [
        // Values: host, watchpoints, relocation, non-stop mode.
        "qHostInfo", "qProcessInfo", "qWatchpointSupportInfo:", "qOffsets", "QNonStop:1", "vStopped", "vCtrlC",
        // Agent.
        "QTinit", "qTStatus", "qTfP", "qTfV", "QTDP:1:10:E:0:0", "qXfer:traceframe-info:read::0,100",
        // Memory areas and the memory map.
        "qMemoryRegionInfo:", "qMemoryRegionInfo:0", "qXfer:memory-map:read::0,100",
        // Tables, power, physical addresses, steps.
        "qXfer:osdata:read::0,100", "QThreadEvents:1", "QThreadEvents:0", "qqemu.Supported", "qqemu.PhyMemMode",
        "Qqemu.PhyMemMode:1", "qqemu.sstepbits", "qqemu.sstep", "Qqemu.sstep=7",
        // Stop points of a kind that the target refuses.
        "Z1,10,4", "Z2,10,4",
    ])
    func `a packet that needs a capability which the target lacks is not supported`(packet: String) {
        var server = CountingServer(CountingMachine())
        #expect(send(packet, to: &server) == [""])
        _ = send("qSupported:error-message+", to: &server)
        #expect(send(packet, to: &server) == [""])
        // The next packet is answered as usual.
        #expect(send("qC", to: &server) == ["QC1"])
    }

    @Test func `a target without monitor commands has the session's`() {
        var server = CountingServer(CountingMachine())
        #expect(send("qRcmd," + Client.hex("version"), to: &server) == ["O" + Client.hex("1.0\n"), "OK"])
        #expect(send("qRcmd," + Client.hex("nonsense"), to: &server).last == "OK")
        // The target can't be reset, and the packet has no reply.
        #expect(send("R00", to: &server) == [])
        #expect(send("m0,1", to: &server) == ["00"])
    }

    @Test func `the example in the documentation is the target of these tests`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let document = try String(
            contentsOf: root.appendingPathComponent("Documentation/embedding.md"), encoding: .utf8)
        let source = try String(
            contentsOf: root.appendingPathComponent("Tests/GDBStubTests/Support/CountingMachine.swift"),
            encoding: .utf8)
        #expect(document.contains("```swift\n" + source + "```\n"))
    }
}
