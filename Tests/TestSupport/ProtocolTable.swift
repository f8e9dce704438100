import Foundation

/// The packets of `Documentation/protocol.md`.
package enum ProtocolTable {
    package struct Row: CustomStringConvertible, Sendable {
        /// Examples as they go over the wire.
        package var packets: [String]
        /// `yes`, `accepted` or `no`.
        package var support: String
        package var remark: String
        package var description: String { packets.joined(separator: ", ") }
    }

    package static let rows: [Row] = {
        let page = (try? String(contentsOfFile: TestIndex.root + "/Documentation/protocol.md", encoding: .utf8)) ?? ""
        return page.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("| `"), let match = line.wholeMatch(of: /\| (`.+`) \| (\w+) \| (.+) \|/) else {
                return nil
            }
            let packets = match.1.matches(of: /`([^`]+)`/).map { String($0.1) }
            return Row(packets: packets, support: String(match.2), remark: String(match.3))
        }
    }()
}
