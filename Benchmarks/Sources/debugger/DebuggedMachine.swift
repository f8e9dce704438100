import Foundation
import TestSupport

/// The stub that is measured.
enum Stub: String, CaseIterable {
    case trapline = "Trapline"
    case qemu = "QEMU"
}

/// The programs, the guest and its symbols.
struct Bench {
    let trapline: String
    let qemu: String?
    let gdb: String
    let guest: String
    /// The guest's addresses by name.
    let symbols: [String: UInt64]
    /// The duration of a replay or of a loop in GDB, in seconds.
    let seconds: Double

    init(trapline: String, qemu: String?, gdb: String, guest: String, seconds: Double) throws {
        (self.trapline, self.qemu, self.gdb, self.guest, self.seconds) = (trapline, qemu, gdb, guest, seconds)
        let names = ["ready", "visit", "visits", "spin_line", "noise"]
        let log = try GDB.batch(
            program: gdb, elf: guest,
            names.map { #"printf "@\#($0)=%lu\n", (unsigned long)&\#($0)"# }.joined(separator: "\n"))
        symbols = Dictionary(uniqueKeysWithValues: names.compactMap { name in log.value(name).map { (name, $0) } })
        guard symbols.count == names.count else { throw ProcessError("\(guest) lacks a symbol: \(log)") }
    }

    var stubs: [Stub] { qemu == nil ? [.trapline] : Stub.allCases }

    func address(_ name: String) -> UInt64 { symbols[name] ?? 0 }
    func place(_ name: String) -> String { String(address(name), radix: 16) }
}

/// A machine that is held before its first instruction, with its stub listening.
final class DebuggedMachine {
    let process: ChildProcess
    let port: UInt16
    private let folder: TemporaryFolder

    init(_ stub: Stub, _ bench: Bench) throws {
        folder = try TemporaryFolder()
        let errors = folder.file("errors")
        switch stub {
        case .trapline:
            process = try ChildProcess(
                bench.trapline,
                ["run", "-k", bench.guest, "--machine", "virt", "-m", "128M", "--serial", "none"]
                    + ["--gdb", "0", "--gdb-wait"],
                standardOutput: .file(folder.file("output")), standardError: .file(errors))
            port = try Self.wait(process, errors) { try Self.printedPort(errors) }
        case .qemu:
            let port = try Self.freePort()
            process = try ChildProcess(
                bench.qemu ?? "qemu-system-aarch64",
                ["-kernel", bench.guest, "-M", "virt", "-cpu", "cortex-a57", "-m", "128M", "-display", "none"]
                    + [
                        "-monitor", "none", "-serial", "null", "-nic", "none", "-accel", "tcg", "-S", "-gdb",
                        "tcp:127.0.0.1:\(port)",
                    ],
                standardOutput: .file(folder.file("output")), standardError: .file(errors))
            self.port = try Self.wait(process, errors) { Self.isListening(port) ? port : nil }
        }
    }

    /// Connects a client, and runs the guest to the start of its endless loop.
    func client(_ bench: Bench) throws -> Connection {
        let client = try Connection(port: port)
        // QEMU's stub accepts some packets only from clients that have read its target description.
        _ = try client.ask("qXfer:features:read:target.xml:0,7fb")
        _ = try client.ask("?")
        try client.run(to: bench.address("ready"))
        return client
    }

    private static func wait(_ process: ChildProcess, _ errors: String, for port: () throws -> UInt16?) throws -> UInt16
    {
        for _ in 0..<15_000 {
            if let port = try port() { return port }
            guard process.isRunning else { break }
            usleep(2000)
        }
        let said = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
        throw ProcessError("\(process.name) does not wait for a debugger: \(said)")
    }

    private static func printedPort(_ file: String) throws -> UInt16? {
        let said = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return said.firstMatch(of: /target remote [^\n]*:(\d+)\n/).flatMap { UInt16($0.1) }
    }

    /// Whether a socket listens at the port.
    ///
    /// The port is looked up in /proc, because QEMU's stub would accept a trial connection as its only client.
    private static func isListening(_ port: UInt16) -> Bool {
        let wanted = ":" + String(format: "%04X", port)
        // Read to its end, because the file's size is reported as zero.
        let bytes = try? FileHandle(forReadingAtPath: "/proc/net/tcp")?.readToEnd()
        return String(decoding: bytes ?? Data(), as: UTF8.self).split(separator: "\n").contains { line in
            let fields = line.split(separator: " ")
            return fields.count > 3 && fields[1].hasSuffix(wanted) && fields[3] == "0A"
        }
    }

    /// Returns a port that is free at the moment.
    private static func freePort() throws -> UInt16 {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, size) == 0 && getsockname(socket, address, &size) == 0
            }
        }
        guard bound else { throw ProcessError("no free port: \(String(cString: strerror(errno)))") }
        return UInt16(bigEndian: address.sin_port)
    }
}
