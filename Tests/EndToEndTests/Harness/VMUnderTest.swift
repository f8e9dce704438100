import Foundation
import TestSupport
import Testing

/// The virtual machine the tests debug: Trapline, or with `TRAPLINE_TEST_VM=qemu` QEMU, which checks the tests.
final class VMUnderTest {
    /// Where the guest comes from.
    enum Boot {
        case program(GuestProgram)
        case kernel(String)
        case firmware(String)
    }

    enum Endpoint {
        case port, unixSocket
    }

    static let isTrapline = ProcessInfo.processInfo.environment["TRAPLINE_TEST_VM"] != "qemu"

    /// Whether the guest's vCPUs are KVM's: with `TRAPLINE_TEST_ACCEL=kvm`, those of the emulated arm64 host.
    static let isKVM = isTrapline && ProcessInfo.processInfo.environment["TRAPLINE_TEST_ACCEL"] == "kvm"

    /// Whether the host is the emulated x86-64 one, whose KVM runs x86-64 guests: with
    /// `TRAPLINE_TEST_ACCEL=kvm-x86_64`.
    static let isX86KVM = isTrapline && ProcessInfo.processInfo.environment["TRAPLINE_TEST_ACCEL"] == "kvm-x86_64"

    let process: ChildProcess
    let folder: TemporaryFolder
    /// The argument of `target remote` to attach.
    private(set) var endpoint = ""

    /// Starts the machine; with `hold` its first instruction waits for a debugger to continue.
    ///
    /// With `typing`, the serial port is standard input and output, else it is a file. `options` are the machine's own.
    init(
        _ boot: Boot, machine: String = "virt", cpus: Int = 1, memory: String = "128M", hold: Bool = true,
        typing: Bool = false, endpoint kind: Endpoint = .port, options: [String] = []
    ) throws {
        folder = try TemporaryFolder()
        let serial = folder.file("serial")
        let socket = folder.file("gdb")
        var arguments: [String]
        if Self.isTrapline {
            switch boot {
            case .program(let guest): arguments = ["run", "-k", guest.path]
            case .kernel(let path): arguments = ["run", "-k", path]
            case .firmware(let path): arguments = ["run", "-f", path]
            }
            arguments += ["--machine", machine, "-m", memory, "-c", "\(cpus)"]
            arguments += ["--gdb", kind == .port ? "0" : "unix:\(socket)"] + (hold ? ["--gdb-wait"] : [])
            arguments += ["--serial", typing ? "stdio" : "file:\(serial)"]
        } else {
            switch boot {
            case .program(let guest): arguments = ["-kernel", guest.path]
            case .kernel(let path): arguments = ["-kernel", path]
            case .firmware(let path): arguments = ["-bios", path]
            }
            arguments += ["-M", "\(machine),gic-version=3", "-cpu", "cortex-a57", "-m", memory, "-smp", "\(cpus)"]
            arguments += ["-display", "none", "-monitor", "none", "-net", "none"] + (hold ? ["-S"] : [])
            arguments += ["-chardev", "socket,path=\(socket),server=on,wait=off,id=gdb", "-gdb", "chardev:gdb"]
            arguments += ["-serial", typing ? "stdio" : "file:\(serial)"]
        }
        process = try ChildProcess(
            try Self.program(), arguments + options, standardOutput: .file(typing ? serial : folder.file("output")),
            standardError: .file(folder.file("errors")))
        endpoint = try Self.isTrapline ? printedEndpoint() : socketOnceThere(socket)
    }

    convenience init(_ guest: String, cpus: Int = 1, hold: Bool = true, endpoint: Endpoint = .port) throws {
        try self.init(.program(try .named(guest)), cpus: cpus, hold: hold, endpoint: endpoint)
    }

    /// The program under test; its absence is a failure that says what to do.
    static func program() throws -> String {
        guard isTrapline else { return try Toolchain.onPath("qemu-system-aarch64") }
        if let path = ProcessInfo.processInfo.environment["TRAPLINE_BINARY"] { return path }
        if isKVM || isX86KVM {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
            return root.standardized.path + "/Scripts/trapline-on-" + (isKVM ? "arm64" : "x86_64")
        }
        let build = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
        let candidates = [".build/release/trapline", build + "/trapline"]
        for path in candidates where FileManager.default.isExecutableFile(atPath: path) { return path }
        throw ProcessError("no trapline in \(candidates): run `swift build -c release`, or set TRAPLINE_BINARY")
    }

    /// The guest's output so far.
    var serial: String { (try? String(contentsOfFile: folder.file("serial"), encoding: .utf8)) ?? "" }

    /// The machine's output on standard error.
    var errors: String { (try? String(contentsOfFile: folder.file("errors"), encoding: .utf8)) ?? "" }

    /// Waits until the guest has printed something; throws with what it did print when it does not.
    func waitForSerial(
        _ what: String = "more", limit: Duration = .seconds(20), until condition: (String) -> Bool
    ) throws {
        let deadline = ContinuousClock.now + limit.withPatience
        while !condition(serial) {
            guard ContinuousClock.now < deadline else {
                throw ProcessError("the guest did not print \(what) within \(limit): \(serial.suffix(500)) \(errors)")
            }
            usleep(5000)
        }
    }

    func waitForSerial(_ text: String, limit: Duration = .seconds(20)) throws {
        try waitForSerial("\"\(text)\"", limit: limit) { $0.contains(text) }
    }

    /// Runs a GDB script, with the symbols of a guest, on a new connection to the machine.
    func gdb(_ guest: String, limit: Duration = .seconds(40), _ script: String) throws -> GDBLog {
        var log = try GDB.batch(elf: GuestProgram.named(guest).path, remote: endpoint, limit: limit, script)
        // QEMU ends with its guest, at times before GDB has acknowledged the reply to its last packet.
        if !Self.isTrapline && log.text.hasSuffix("Target disconnected.: Broken pipe.\n") {
            log.succeeded = true
            log.text += "[exited normally]\n"
        }
        return log
    }

    /// Runs a GDB script without an ELF file on a new connection to the machine.
    func gdb(_ script: String) throws -> GDBLog { try GDB.batch(remote: endpoint, script) }

    private func printedEndpoint() throws -> String {
        let deadline = ContinuousClock.now + .seconds(10).withPatience
        while true {
            if let match = errors.firstMatch(of: /target remote (\S+)\n/) { return String(match.1) }
            if let match = errors.firstMatch(of: /(\d+\.\d+\.\d+\.\d+:\d+)\s*\n/) { return String(match.1) }
            guard ContinuousClock.now < deadline, process.isRunning else {
                throw ProcessError("trapline did not say where GDB attaches: \(errors)")
            }
            usleep(2000)
        }
    }

    private func socketOnceThere(_ path: String) throws -> String {
        let deadline = ContinuousClock.now + .seconds(10).withPatience
        while !FileManager.default.fileExists(atPath: path) {
            guard ContinuousClock.now < deadline, process.isRunning else { throw ProcessError("QEMU: \(errors)") }
            usleep(2000)
        }
        return path
    }
}

/// The processor of the emulated arm64 host, as Scripts/arm64-host takes it from the environment.
enum HostProcessor {
    private static let model =
        ProcessInfo.processInfo.environment["TRAPLINE_HOST_CPU"] ?? "max,pauth-impdef=on,sve=off"

    static let isMax = model.hasPrefix("max") && !model.contains("pauth=off")
    /// Whether guests are to have SVE.
    static let hasSVE = model.hasPrefix("max") && !model.contains("sve=off")
}

/// All end-to-end tests: one at a time, for each has time limits and the machine may have only two cores.
@Suite(.serialized, .timeLimit(.minutes(5 * Patience.factor)))
struct EndToEnd {}

extension VMUnderTest {
    /// 60,000 bytes: every value first, since '#', '$', '}' and '*' mean something to the protocol, then noise.
    static let everyByteAndNoise: [UInt8] = {
        var random = SeededRandom(seed: 0x5eed)
        return (0..<60_000).map { UInt8(truncatingIfNeeded: $0 < 512 ? UInt64($0) : random.next()) }
    }()
}
