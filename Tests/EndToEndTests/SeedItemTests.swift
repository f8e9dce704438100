import Foundation
import TestSupport
import Testing

/// `Documentation/seed-items.md` against the tests' sources.
@Suite struct SeedItemTests {
    /// The rows of the page's tables: item and the text about its tests.
    private func rows() throws -> [(item: String, tests: String)] {
        let page = try String(contentsOfFile: TestIndex.root + "/Documentation/seed-items.md", encoding: .utf8)
        return page.split(separator: "\n").filter { $0.hasPrefix("| 2.") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return (cells[0], cells.last ?? "")
        }
    }

    /// The tests that a row names: each one's target and id.
    private func named(in tests: String) -> [(target: String, id: String)] {
        var target = ""
        return tests.matches(of: /(\w+Tests|\bE):|`(\w+\.\w+)`/).compactMap { word in
            if let name = word.1 { target = name == "E" ? "EndToEndTests" : String(name) }
            return word.2.map { (target, String($0)) }
        }
    }

    @Test("every item from 2.1 to 2.53 has a row, in order, with a test or the reason why only KVM can show it")
    func everyItemHasARow() throws {
        let rows = try rows()
        #expect(rows.map(\.item) == (1...53).map { "2.\($0)" })
        for row in rows { #expect(!named(in: row.tests).isEmpty || row.tests.contains("*KVM*"), "\(row.item)") }
    }

    @Test("every test a row names is there, in the target it says")
    func everyTestExists() throws {
        var indexes: [String: Set<String>] = [:]
        for row in try rows() {
            for test in named(in: row.tests) {
                if indexes[test.target] == nil {
                    indexes[test.target] = Set(try TestIndex(target: test.target).entries.map(\.id))
                }
                let isThere = indexes[test.target]?.contains(test.id) == true
                #expect(isThere, "\(row.item): \(test.target) has no test \(test.id)")
            }
        }
    }

    @Test("every end-to-end test that names an item is in that item's row")
    func everyNamedItemIsListed() throws {
        let rows = Dictionary(uniqueKeysWithValues: try rows().map { ($0.item, named(in: $0.tests)) })
        var count = 0
        for test in try TestIndex(target: "EndToEndTests").entries {
            guard let title = test.attribute.firstMatch(of: #/^\(\s*"(2\.\d+(?:, 2\.\d+)*): /#) else { continue }
            for item in title.1.split(separator: ", ") {
                count += 1
                let isListed = rows[String(item)]?.contains { $0.target == "EndToEndTests" && $0.id == test.id } == true
                #expect(isListed, "\(item) does not list \(test.id)")
            }
        }
        #expect(count > 50)
    }

    @Test("a test is found by its suite and function, whatever its title and traits")
    func index() {
        let source = """
            extension EndToEnd {
                @Suite(.enabled(if: true, "a reason")) struct Steps {
                    private struct Rig {}
                }
            }
            extension Steps {
                @Test("any title", arguments: [
                    1, 2,
                ])
                func step(count: Int) {}
                func helper() {}
                @Test func generic<Value>(_ value: Value) {}
            }
            """
        let index = TestIndex(source: source, file: "StepTests")
        #expect(index.entries.map(\.id) == ["Steps.step", "Steps.generic"])
        #expect(index.entries.first?.attribute.hasPrefix("(\"any title\"") == true)
        #expect(index.entries.map(\.file) == ["StepTests", "StepTests"])
    }
}
