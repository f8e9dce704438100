import Foundation
import TestSupport

/// Debian's kernel and what is booted with it, as `Scripts/linux-guest` makes them.
struct LinuxFiles {
    let folder: String

    var kernel: String { folder + "/Image" }
    var initrd: String { folder + "/initrd" }
    func program(_ name: String) -> String { folder + "/programs/" + name }

    /// The files for arm64, made on first use, which needs a network once.
    static let made = Result { try LinuxFiles("arm64") }
    /// The files for x86-64, made on first use.
    static let madeForPC = Result { try LinuxFiles("x86_64") }

    private init(_ architecture: String) throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let result = try ChildProcess.run(root + "/Scripts/linux-guest", [architecture], limit: .seconds(240))
        let lines = result.text.split(separator: "\n").map(String.init)
        guard result.status == .exited(0), let last = lines.last else {
            throw ProcessError("Scripts/linux-guest can't make the Linux guest:\n\(result.text)")
        }
        folder = last
        print("linux: \(last)")
    }

    /// The address of a symbol of one of the guest's programs, which are linked where they run.
    func symbol(_ symbol: String, of name: String) throws -> UInt64 {
        try GuestProgram(name: name, path: program(name)).symbol(symbol)
    }
}
