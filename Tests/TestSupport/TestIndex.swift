import Foundation

/// The tests of a test target, found in its sources.
///
/// Pages of the documentation name a test by its suite and function, `Steps.stepAtWFI`, so that its title can be
/// reworded without touching them.
package struct TestIndex: Sendable {
    package struct Entry: Sendable {
        /// The suite's type and the test's function, such as `Steps.stepAtWFI`.
        package var id: String
        /// The file's name without `.swift`.
        package var file: String
        /// The source between `@Test` and the function: title and traits.
        package var attribute: String
    }

    package var entries: [Entry] = []

    /// The folder of the project.
    package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The tests of a target: those in `Tests/TARGET` and the folders below.
    package init(target: String) throws {
        let folder = URL(fileURLWithPath: "\(Self.root)/Tests/\(target)").resolvingSymlinksInPath()
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        for path in files.sorted() where path.hasSuffix(".swift") {
            let file = folder.appendingPathComponent(path)
            add(try String(contentsOf: file, encoding: .utf8), file: file.deletingPathExtension().lastPathComponent)
        }
    }

    /// The tests in the text of one file.
    package init(source: String, file: String) {
        add(source, file: file)
    }

    private mutating func add(_ source: String, file: String) {
        let type =
            #/
            ^\s* (?: @\w+ (?:\(.*\))? \s+ )* (?: (?:package|private|fileprivate|final) \s+ )*
            (?:struct|class|enum|extension) \s+ (?:\w+ \.)* (?<name>\w+)
            /#
        var suite = file
        var attribute: String?
        for line in source.split(separator: "\n") {
            if let match = try? type.firstMatch(in: line) { suite = String(match.name) }
            var rest = line
            if attribute == nil, let start = line.firstRange(of: "@Test") {
                attribute = ""
                rest = line[start.upperBound...]
            }
            guard let text = attribute else { continue }
            guard let function = rest.firstMatch(of: /\bfunc\s+(\w+)\s*[(<]/) else {
                attribute = text + rest
                continue
            }
            entries.append(
                Entry(id: "\(suite).\(function.1)", file: file, attribute: text + rest[..<function.range.lowerBound]))
            attribute = nil
        }
    }
}
