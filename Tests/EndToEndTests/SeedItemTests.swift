import Foundation
import Testing

/// `Documentation/seed-items.md` against the tests' sources.
@Suite struct SeedItemTests {
    private var root: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
    }

    /// The rows of the page's tables: item and the text about its tests.
    private func rows() throws -> [(item: String, tests: String)] {
        let page = try String(contentsOfFile: root + "/Documentation/seed-items.md", encoding: .utf8)
        return page.split(separator: "\n").filter { $0.hasPrefix("| 2.") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return (cells[0], cells.last ?? "")
        }
    }

    @Test("every item from 2.1 to 2.53 has a row, in order, with a test or the reason why only KVM can show it")
    func everyItemHasARow() throws {
        let rows = try rows()
        #expect(rows.map(\.item) == (1...53).map { "2.\($0)" })
        for row in rows { #expect(row.tests.contains("\"") || row.tests.contains("*KVM*"), "\(row.item)") }
    }

    @Test("every test a row names is there, in the target it says")
    func everyTestExists() throws {
        // All the sources of each target.
        var sources: [String: String] = [:]
        let manager = FileManager.default
        for target in try manager.contentsOfDirectory(atPath: root + "/Tests") where target.hasSuffix("Tests") {
            let folder = URL(fileURLWithPath: "\(root)/Tests/\(target)").resolvingSymlinksInPath().path + "/"
            let files = manager.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
            for file in files where file.hasSuffix(".swift") {
                sources[target, default: ""] += try String(contentsOfFile: folder + file, encoding: .utf8)
            }
        }
        for row in try rows() {
            var target = ""
            for word in row.tests.matches(of: /(\w+Tests|\bE):|"([^"]*)"/) {
                if let named = word.1 { target = named == "E" ? "EndToEndTests" : String(named) }
                guard let name = word.2 else { continue }
                let source = try #require(sources[target], "\(row.item): no target \(target)")
                let isThere = source.contains("\"\(name)\"") || source.contains("func \(name)(")
                #expect(isThere, "\(row.item): \(target) has no test \"\(name)\"")
            }
        }
    }

    @Test("every end-to-end test that names an item is in that item's row")
    func everyNamedItemIsListed() throws {
        let rows = Dictionary(uniqueKeysWithValues: try rows().map { ($0.item, $0.tests) })
        let folder = root + "/Tests/EndToEndTests/"
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: folder + file, encoding: .utf8)
            for match in text.matches(of: /"((2\.\d+(?:, 2\.\d+)*): [^"]*)"/) {
                for item in match.2.split(separator: ", ") {
                    let isListed = rows[String(item)]?.contains("\"\(match.1)\"") == true
                    #expect(isListed, "\(item) does not list \"\(match.1)\"")
                }
            }
        }
    }
}
