import Foundation

/// A folder of its own for what a test leaves lying about; gone with the object.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array((NSTemporaryDirectory() + "/trapline-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ProcessError("no temporary folder: \(String(cString: strerror(errno)))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in the folder.
    package func file(_ name: String) -> String { path + "/" + name }

    /// Creates a file in the folder and returns its path.
    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        guard FileManager.default.createFile(atPath: file(name), contents: Data(bytes)) else {
            throw ProcessError("can't write \(file(name))")
        }
        return file(name)
    }

    /// The names of the files in the folder.
    package var contents: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}
