import Acceleration
import Foundation
import GDBStub
import Synchronization
import TestSupport
import TranscriptSupport
import VirtualMachine

/// A machine that a client debugs while its session is recorded.
final class RecordedMachine {
    /// The guest.
    enum Boot: Sendable {
        /// A program of `Tests/Guests`.
        case program(String)
        /// Debian's U-Boot.
        case firmware
        /// Debian's Linux, booted to its shell, with the command `clock` running in the background.
        case linux
    }

    let machine: VirtualMachine
    /// The guest's program with its symbols, if it has any.
    let program: GuestProgram?
    /// Addresses of functions of the kernel, by name.
    private(set) var symbols: [String: UInt64] = [:]
    private let console = ConsoleLog()
    /// How many commands have been typed at the shell.
    private var commandCount = 0

    private static let firmware = "/usr/lib/u-boot/qemu_arm64/u-boot.bin"
    private static let prompt = "guest# "

    init(_ boot: Boot, vcpuCount: Int) throws {
        var configuration = VirtualMachineConfiguration()
        configuration.vcpuCount = vcpuCount
        configuration.memorySize = 128 << 20
        switch boot {
        case .program(let name):
            program = try GuestProgram.named(name)
            configuration.kernel = program?.path
        case .firmware:
            program = nil
            configuration.firmware = Self.firmware
        case .linux:
            program = nil
            let result = try ChildProcess.run(
                Repository.path("Scripts/linux-guest"), ["arm64"], limit: .seconds(240))
            guard let folder = result.text.split(separator: "\n").last.map(String.init) else {
                throw ProcessError("Scripts/linux-guest can't make the Linux guest:\n\(result.text)")
            }
            configuration.kernel = folder + "/Image"
            configuration.initrd = folder + "/initrd"
            configuration.bootArguments = "console=ttyAMA0 quiet"
            configuration.memorySize = 512 << 20
        }
        machine = try VirtualMachine(configuration, consoleSink: { [console] in console.append($0) })
        if case .linux = boot { try startLinux() }
    }

    deinit { machine.control.shutDown() }

    /// The text that the guest has printed, which the thread that runs the vCPUs appends.
    private final class ConsoleLog: Sendable {
        private let bytes = Mutex<[UInt8]>([])

        func append(_ byte: UInt8) { bytes.withLock { $0.append(byte) } }
        var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
    }

    // MARK: Linux

    /// The functions whose addresses the clients use.
    private static let functions = ["__arm64_sys_getppid", "__arm64_sys_clock_gettime", "vfs_read"]

    private func startLinux() throws {
        machine.control.resume(machine.control.continueAll)
        try wait(for: Self.prompt, limit: .seconds(150))
        try run("stty cols 2000")
        let list = try run("grep -E ' (\(Self.functions.joined(separator: "|")))$' /proc/kallsyms")
        for line in list.split(separator: "\n") {
            let fields = line.split(separator: " ").map(String.init)
            if fields.count == 3, let address = UInt64(fields[0], radix: 16) { symbols[fields[2]] = address }
        }
        guard symbols.count == Self.functions.count else { throw ProcessError("symbols are missing in \(list)") }
        try run("clock 100000000 >/dev/null & true")
        usleep(200_000)
        _ = machine.control.stopAndWait()
    }

    /// Types a command at the shell and returns what it printed.
    @discardableResult
    private func run(_ command: String) throws -> String {
        let start = console.text.utf8.count
        commandCount += 1
        // The echo of the line has `$?` where the output has a number.
        machine.typeOnConsole(Array("\(command); echo \"<$?:\(commandCount)>\"\n".utf8))
        try wait(for: "<0:\(commandCount)>", after: start, limit: .seconds(60))
        let text = String(decoding: console.text.utf8.dropFirst(start), as: UTF8.self)
        return text.replacingOccurrences(of: "\r", with: "")
    }

    private func wait(for text: String, after start: Int = 0, limit: Duration) throws {
        let deadline = ContinuousClock.now + limit.withPatience
        while !String(decoding: console.text.utf8.dropFirst(start), as: UTF8.self).contains(text) {
            guard ContinuousClock.now < deadline else {
                throw ProcessError("the guest did not print \(text): \(console.text.suffix(1000))")
            }
            usleep(5000)
        }
    }
}
