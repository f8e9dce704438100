import Acceleration
import TestSupport
import Testing
import VirtualMachine

@Suite("A kernel's report of its panic")
struct PanicScannerTests {
    private static let closing = "---[ end Kernel panic - not syncing: VFS: Unable to mount root fs ]---"
    private static let reason = "VFS: Unable to mount root fs"

    /// The events of a whole output.
    private static func events(_ output: String) -> [PanicScanner.Event] {
        var scanner = PanicScanner()
        return output.utf8.compactMap { scanner.receive($0) }
    }

    static let found: [(String, PanicScanner.Event)] = [
        (closing + "\n", .ended(reason: reason)),
        (closing + "\r\n", .ended(reason: reason)),
        ("[   12.345678] \(closing)\r\n", .ended(reason: reason)),
        ("[12345.345678] \(closing)\r\n", .ended(reason: reason)),
        ("[    1.000000][    T1] \(closing)\r\n", .ended(reason: reason)),
        ("[    1.000000][    C0] \(closing)\r\r\n", .ended(reason: reason)),
        ("[   T31] \(closing)\n", .ended(reason: reason)),
        ("/ # \n[   12.345678] \(closing)\n", .ended(reason: reason)),
        ("---[ end Kernel panic - not syncing: a ]--- b ]---\n", .ended(reason: "a ]--- b")),
        ("---[ end Kernel panic - not syncing:  ]---\n", .ended(reason: "")),
        ("---[ end Kernel panic - not syncing: \u{1B}[31mred\u{7} ]---\n", .ended(reason: "[31mred")),
        ("[    1.000000] Kernel panic - not syncing: \(reason)\n", .began(reason: reason)),
        ("[    9.000000] reboot: Restarting system\r\n", .restarts),
    ]

    @Test("is found at the start of a line, after the time and the caller", arguments: found)
    func isFound(output: String, event: PanicScanner.Event) {
        #expect(Self.events(output) == [event])
    }

    static let others = [
        closing, "grep: \(closing)\n", " \(closing)\n", "] \(closing)\n", "[   12.345678 \(closing)\n",
        "[   12.345678][ root] \(closing)\n", "[1.0][T1][T1] \(closing)\n", "[ 1.000000]\(closing)\n",
        "---[ end Kernel panic - not syncing: no closing\n", "---[ end Kernel panic - not syncing: ]---\n",
        "---[ end trace 0000000000000000 ]---\n", "Kernel panic\n", "", "\n\n\r\n", "[", "[]\n", "[ ]\n",
    ]

    @Test("is not found in what only looks like it", arguments: others)
    func isNotFound(output: String) {
        #expect(Self.events(output).isEmpty)
    }

    @Test("comes with the last twenty lines, which can't do anything to a terminal")
    func lastLines() {
        var scanner = PanicScanner()
        for byte in (0..<50).flatMap({ "line \($0)\u{1B}]0;title\u{7}\t\u{9B}\r\n".utf8 }) { _ = scanner.receive(byte) }
        #expect(scanner.lastLines == (30..<50).map { "line \($0)]0;title\t" })
    }

    @Test("is looked for in any bytes, of any length, without growing")
    func fuzzed() {
        let pieces = [
            "[", "]", " ", "1.000000", "T1", "\n", "\r", Self.closing, "Kernel panic - not syncing: ", "\u{85}",
        ]
        fuzz("panic scanner") { random in
            var scanner = PanicScanner()
            for _ in 0..<200 {
                let bytes =
                    random.chance(70)
                    ? Array(random.pick(pieces).utf8)
                    : [UInt8](repeating: UInt8(random.below(256)), count: random.below(5000))
                for byte in bytes { _ = scanner.receive(byte) }
            }
            #expect(scanner.lastLines.count <= PanicScanner.lineLimit, random.comment)
            // Each byte of the limit becomes at most one replacement character.
            #expect(scanner.lastLines.allSatisfy { $0.unicodeScalars.count <= 2048 }, random.comment)
        }
    }
}
