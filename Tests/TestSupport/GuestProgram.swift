import Foundation
import Synchronization

/// A bare-metal program of `Tests/Guests`, built once per test run with the toolchain's own clang and ld.lld.
///
/// A guest is a folder of C and assembly files, linked with what `common` holds at an address that is RAM on the
/// machine `virt`; the same ELF runs on Trapline and on QEMU.
package struct GuestProgram: Sendable {
    package var name: String
    /// The ELF file, with debug information.
    package var path: String

    /// A program that is there already.
    package init(name: String, path: String) {
        self.name = name
        self.path = path
    }

    private static let built = Mutex<(folder: TemporaryFolder?, programs: [String: GuestProgram])>((nil, [:]))

    /// The guest of that name, built when it is asked for the first time.
    package static func named(_ name: String) throws -> GuestProgram {
        let result: Result<GuestProgram, any Error> = built.withLock { state in
            Result {
                if let program = state.programs[name] { return program }
                let folder: TemporaryFolder
                if let existing = state.folder {
                    folder = existing
                } else {
                    folder = try TemporaryFolder()
                    state.folder = folder
                    // A static is never deinitialised: the folder goes at exit.
                    atexit { GuestProgram.removeBuilt() }
                }
                let program = try build(name, into: folder)
                state.programs[name] = program
                return program
            }
        }
        return try result.get()
    }

    private static func removeBuilt() {
        _ = built.withLockIfAvailable { $0 = (nil, [:]) }
    }

    private static func build(_ name: String, into folder: TemporaryFolder) throws -> GuestProgram {
        let guests = Self.sources
        let files = try ["common", name].flatMap { part in
            try FileManager.default.contentsOfDirectory(atPath: guests + "/" + part)
                .filter { $0.hasSuffix(".c") || $0.hasSuffix(".S") }.sorted().map { "\(guests)/\(part)/\($0)" }
        }
        let program = GuestProgram(name: name, path: folder.file(name + ".elf"))
        let clang = try Toolchain.tool("clang")
        let result = try ChildProcess.run(
            clang,
            [
                "--target=aarch64-none-elf", "-ffreestanding", "-nostdlib", "-mgeneral-regs-only", "-mstrict-align",
                "-fno-stack-protector", "-O0", "-g", "-gdwarf-4", "-Wall", "-Werror", "-I\(guests)/common",
                "-fuse-ld=\(try Toolchain.tool("ld.lld"))", "-static", "-Wl,-T,\(guests)/common/virt.ld",
                "-Wl,--build-id=none", "-o", program.path,
            ] + files, limit: .seconds(60))
        guard result.status == .exited(0) else { throw ProcessError("clang can't build \(name):\n\(result.text)") }
        return program
    }

    /// The folder of all guests' sources.
    private static let sources: String = {
        let file = #filePath as NSString
        return (file.deletingLastPathComponent as NSString).deletingLastPathComponent + "/Guests"
    }()

    /// Where a source line says `@name`, as `file:line` for GDB's `break`.
    package func line(_ marker: String) throws -> String {
        for file in try FileManager.default.contentsOfDirectory(atPath: Self.sources + "/" + name).sorted() {
            let text = try String(contentsOfFile: "\(Self.sources)/\(name)/\(file)", encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            if let index = lines.firstIndex(where: { $0.hasSuffix("@\(marker)") }) { return "\(file):\(index + 1)" }
        }
        throw ProcessError("no line of \(name) is marked @\(marker)")
    }

    /// The value of a symbol, for tests that speak the protocol themselves.
    package func symbol(_ symbol: String) throws -> UInt64 {
        let result = try ChildProcess.run(try Toolchain.tool("llvm-nm"), [path], limit: .seconds(20))
        for line in result.text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count == 3, fields[2] == symbol, let value = UInt64(fields[0], radix: 16) { return value }
        }
        throw ProcessError("\(name) has no symbol \(symbol)")
    }
}

/// The tools that come with the Swift compiler in use.
package enum Toolchain {
    /// The tool of that name beside `swiftc`, or else the one on PATH.
    package static func tool(_ name: String) throws -> String {
        let manager = FileManager.default
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        if let folder = folders.first(where: { manager.isExecutableFile(atPath: $0 + "/swiftc") }) {
            let compiler = (folder + "/swiftc" as NSString).resolvingSymlinksInPath as NSString
            let tool = compiler.deletingLastPathComponent + "/" + name
            if manager.isExecutableFile(atPath: tool) { return tool }
        }
        return try onPath(name)
    }

    /// A program on PATH.
    package static func onPath(_ name: String) throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for folder in folders where FileManager.default.isExecutableFile(atPath: folder + "/" + name) {
            return folder + "/" + name
        }
        throw ProcessError("\(name) is not on PATH")
    }
}
