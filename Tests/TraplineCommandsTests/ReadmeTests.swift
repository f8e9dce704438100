import Foundation
import Machine
import Testing
import VirtualMachine

@Suite struct ReadmeTests {
    /// README's table, as the code would write it.
    private static var rows: [String] {
        let architectures: [Architecture] = [.x86_64, .aarch64]
        return architectures.flatMap { host in
            architectures.reversed().compactMap { guest in
                let accelerators = AcceleratorSupport.accelerators(host: host, guest: guest)
                guard !accelerators.isEmpty else { return nil }
                let machines = Boards.all.filter { $0.architecture == guest }.map { "`\($0.name)`" }
                let runners = accelerators.map { $0 == .kvm ? "KVM" : "software CPU" }.joined(separator: ", ")
                let list = (machines.count > 1 ? "machines " : "machine ") + machines.joined(separator: " and ")
                return "| \(name(host)) Linux | \(name(guest)), \(list) | \(runners) |"
            }
        }
    }

    private static func name(_ architecture: Architecture) -> String {
        architecture == .aarch64 ? "AArch64" : "x86-64"
    }

    @Test("README's table of what runs where is what the code does")
    func whatRunsWhere() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let section = try #require(text.components(separatedBy: "## What runs where\n").dropFirst().first)
        let table = section.split(separator: "\n").map(String.init).filter { $0.hasPrefix("|") }
        #expect(table.dropFirst(2) == Self.rows[...])
    }
}
