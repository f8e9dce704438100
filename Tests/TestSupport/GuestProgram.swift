import Foundation
import Synchronization

/// A bare-metal program of `Tests/Guests`, built once per test run with the toolchain's own clang and ld.lld.
///
/// A guest is a folder of C and assembly files, linked with what `common` holds at an address that is RAM on the
/// machine `virt`; the same ELF runs on Trapline and on QEMU. Those for x86-64, in a folder of their own, are for `pc`.
package struct GuestProgram: Sendable {
    package var name: String
    package var architecture = Architecture.aarch64
    /// The ELF file, with debug information.
    package var path: String

    package enum Architecture: String, Sendable {
        case aarch64
        case x86_64

        /// Where its programs' sources are, below `Tests/Guests`.
        fileprivate var folder: String { self == .aarch64 ? "" : "/\(rawValue)" }

        fileprivate var options: [String] {
            switch self {
            case .aarch64: ["--target=aarch64-none-elf", "-mstrict-align"]
            // An interrupt may come at any time, on the same stack.
            case .x86_64: ["--target=x86_64-linux-gnu", "-mno-red-zone", "-fno-pic"]
            }
        }

        fileprivate var linkerScript: String { self == .aarch64 ? "virt.ld" : "pc.ld" }
    }

    /// A program that is there already.
    package init(name: String, path: String) {
        self.name = name
        self.path = path
    }

    private static let built = Mutex<(folder: TemporaryFolder?, programs: [String: GuestProgram])>((nil, [:]))

    /// The guest of that name, built when it is asked for the first time.
    package static func named(_ name: String, _ architecture: Architecture = .aarch64) throws -> GuestProgram {
        let key = "\(architecture)-\(name)"
        let result: Result<GuestProgram, any Error> = built.withLock { state in
            Result {
                if let program = state.programs[key] { return program }
                let folder: TemporaryFolder
                if let existing = state.folder {
                    folder = existing
                } else {
                    folder = try TemporaryFolder()
                    state.folder = folder
                    // A static is never deinitialised: the folder goes at exit.
                    atexit { GuestProgram.removeBuilt() }
                }
                let program = try build(name, architecture, into: folder)
                state.programs[key] = program
                return program
            }
        }
        return try result.get()
    }

    private static func removeBuilt() {
        _ = built.withLockIfAvailable { $0 = (nil, [:]) }
    }

    private static func build(
        _ name: String, _ architecture: Architecture, into folder: TemporaryFolder
    ) throws -> GuestProgram {
        let guests = Self.sources + architecture.folder
        let files = try ["common", name].flatMap { part in
            try FileManager.default.contentsOfDirectory(atPath: guests + "/" + part)
                .filter { $0.hasSuffix(".c") || $0.hasSuffix(".S") }.sorted().map { "\(guests)/\(part)/\($0)" }
        }
        var program = GuestProgram(name: name, path: folder.file("\(architecture)-\(name).elf"))
        program.architecture = architecture
        let clang = try Toolchain.tool("clang")
        let result = try ChildProcess.run(
            clang,
            architecture.options + [
                "-ffreestanding", "-nostdlib", "-mgeneral-regs-only",
                "-fno-stack-protector", "-O0", "-g", "-gdwarf-4", "-Wall", "-Werror", "-I\(guests)/common",
                "-fuse-ld=\(try Toolchain.tool("ld.lld"))", "-static",
                "-Wl,-T,\(guests)/common/\(architecture.linkerScript)", "-Wl,--build-id=none", "-o", program.path,
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
        let folder = Self.sources + architecture.folder + "/" + name
        for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
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
