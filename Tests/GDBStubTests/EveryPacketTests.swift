import Execution
import GDBStub
import TestSupport
import Testing

/// Each packet of the protocol's table, intact and corrupted in every way.
@Suite struct EveryPacketTests {
    private func client() -> Client {
        let target = FakeTarget(vcpus: 2, ramSize: 256, hasAgent: true)
        target.haveEverything()
        return Client(target).connect()
    }

    /// The packet cut at each place, with something after it, and with each number and separator replaced.
    private func spoilt(_ packet: String) -> [String] {
        var variants = (0..<packet.count).map { String(packet.prefix($0)) }
        variants += ["x", ",", ";", ":", ";x:y", "00", "=", " ", "}x"].map { packet + $0 }
        for (index, character) in zip(packet.indices, packet) {
            let (before, after) = (packet[..<index], packet[packet.index(after: index)...])
            if character.isHexDigit { variants += ["g", "-1", "ffffffffffffffffff", ""].map { before + $0 + after } }
            if ",;:=.".contains(character) { variants += ["", "~", ",,", ";", ":"].map { before + $0 + after } }
        }
        return variants
    }

    /// Sends one packet in a session of its own, and finds out whether the session has kept its rules.
    private func check(_ packet: String) {
        let client = client()
        let replies = client.send(packet).filter { !$0.hasPrefix("O") || $0 == "OK" }
        let resumed = client.takeActions().contains { if case .resume = $0 { true } else { false } }
        // `k` and `R` have no reply, and a resumption none before its stop (GDB manual, "Packets").
        guard !client.isEnded, !packet.hasPrefix("R") else {
            return #expect(replies.count <= 1, "\(packet): \(replies)")
        }
        // In non-stop mode a resumption is acknowledged.
        #expect(replies.count == 1 || (resumed && replies.isEmpty), "\(packet): \(replies)")
        if resumed && replies.isEmpty {
            let stop = client.stop(.stepped)
            #expect(stop.count { $0.hasPrefix("T") } == 1, "\(packet): \(stop)")
        }
        #expect(client.send("vMustReplyEmpty") == [""], "behind \(packet)")
    }

    @Test(arguments: ProtocolTable.rows) func isAnsweredOnceAndTheSessionGoesOn(row: ProtocolTable.Row) {
        for packet in row.packets {
            check(packet)
            for variant in spoilt(packet) { check(variant) }
        }
    }
}
