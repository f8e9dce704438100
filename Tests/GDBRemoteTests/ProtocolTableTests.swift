import Foundation
import GDBRemote
import TestSupport
import Testing

/// `Documentation/protocol.md` against the parser.
@Suite struct ProtocolTableTests {
    static let rows = ProtocolTable.rows

    @Test func everyRowOfTheTableIsOne() throws {
        let page = try String(contentsOfFile: TestIndex.root + "/Documentation/protocol.md", encoding: .utf8)
        #expect(page.split(separator: "\n").filter { $0.hasPrefix("| `") }.count == Self.rows.count)
        #expect(Self.rows.count > 120)
        let packets = Self.rows.flatMap(\.packets)
        #expect(Set(packets).count == packets.count)
    }

    @Test(arguments: rows) func theParserKnowsWhatIsSupportedAndNothingElse(row: ProtocolTable.Row) {
        for packet in row.packets {
            let command = Command(Array(packet.utf8))
            switch (row.support, command) {
            case ("yes", .unknown), ("yes", .malformed), ("accepted", .unknown), ("accepted", .malformed):
                Issue.record("\(packet) is in the table as \(row.support), but parses as \(command)")
            case ("yes", _), ("accepted", _), ("no", .unknown), ("no", .malformed): break
            default: Issue.record("\(packet) is in the table as \(row.support), but parses as \(command)")
            }
        }
    }

    @Test func everyPacketTheParserKnowsIsInTheTable() {
        let supported = Self.rows.filter { $0.support != "no" }.flatMap(\.packets)
        for name in Command.packetNames {
            let isThere = supported.contains { packet in
                packet.hasPrefix(name)
                    && (packet.dropFirst(name.count).first.map { ":;,?=01".contains($0) } ?? true)
            }
            #expect(isThere, "\(name)")
        }
        for object in Query.Transfer.Object.allCases {
            #expect(supported.contains { $0.hasPrefix("qXfer:\(object.rawValue):read:") }, "\(object.rawValue)")
        }
        // The packets of one letter are those that have no longer name.
        for letter in (0x21...0x7e).map({ String(Unicode.Scalar(UInt8($0))) }) {
            let examples = ["", "0", "0,4", "1", "05", "0=00", "0,1:00", "0,0,4", "g1", "00"].map { letter + $0 }
            let isKnown = examples.contains { example in
                switch Command(Array(example.utf8)) {
                case .unknown: false
                default: true
                }
            }
            #expect(!isKnown || supported.contains { $0.hasPrefix(letter) }, "\(letter)")
        }
    }

    /// The names of the files that have tests, in the targets that the page names.
    private static let files = Result {
        try Set(
            ["GDBRemoteTests", "GDBStubTests", "EndToEndTests"].flatMap { target in
                try TestIndex(target: target).entries.map(\.file)
            })
    }

    @Test(arguments: rows) func whatIsSupportedHasTestsAndTheRestAReason(row: ProtocolTable.Row) throws {
        let named = row.remark.matches(of: /[A-Z]\w*Tests/).map { String($0.0) }
        guard row.support != "no" else { return #expect(row.remark.count > 5) }
        #expect(!named.isEmpty)
        let files = try Self.files.get()
        for file in named { #expect(files.contains(file), "\(file) has no tests") }
    }
}
