import Foundation
import Synchronization
import TestSupport
import Testing

/// A booted Linux, with a shell on its console that a test types at as a person would.
///
/// With `TRAPLINE_TEST_VM=qemu` it is QEMU's, which checks the tests.
final class LinuxGuest: @unchecked Sendable {
    // SAFETY: the suite is serialized; a guest is used by one test at a time.

    /// A machine's layout and what Linux calls its serial port.
    enum Layout: String, CaseIterable, Sendable {
        case virt
        case kvmtool
        /// For x86-64.
        case pc

        /// The layouts for AArch64.
        static let allCases: [Layout] = [.virt, .kvmtool]

        var serialPort: String { self == .virt ? "ttyAMA0" : "ttyS0" }
    }

    static let prompt = "guest# "

    let vm: VMUnderTest
    /// The disk's file, if there is one.
    let disk: String?
    /// The number of commands typed; each command has its number at its end.
    private var commands = 0
    private var shellIsReady = false
    /// The kernel's symbols that have been asked for.
    private var symbols: [String: UInt64] = [:]
    private let began = ContinuousClock.now
    private let folder: TemporaryFolder

    /// Starts the machine; with `devices` it has a disk of 96 MiB and a network, and `options` are the machine's own.
    init(
        layout: Layout = .virt, cpus: Int = 1, memory: String = "512M", parameters: String = "quiet",
        hold: Bool = false, devices: Bool = false, options: [String] = []
    ) throws {
        folder = try TemporaryFolder()
        var options = options
        if devices {
            let path = try folder.write([], to: "disk")
            guard truncate(path, 96 << 20) == 0 else { throw ProcessError("can't make \(path)") }
            if VMUnderTest.isTrapline {
                // The emulated hosts have no passt.
                options += ["-d", path] + (VMUnderTest.isKVM || layout == .pc ? [] : ["--net", "passt"])
            } else {
                options += Self.emulatorDevices(path)
            }
            disk = path
        } else {
            disk = nil
        }
        let files = try (layout == .pc ? LinuxFiles.madeForPC : LinuxFiles.made).get()
        var parameters = "console=\(layout.serialPort) \(parameters)"
        // QEMU gives the kernel a seed to move itself by, the processor of KVM's emulated host has RNDR.
        if !VMUnderTest.isTrapline || VMUnderTest.isKVM { parameters += " nokaslr" }
        let boot =
            VMUnderTest.isTrapline
            ? ["-i", files.initrd, "-p", parameters] : ["-initrd", files.initrd, "-append", parameters]
        vm = try VMUnderTest(
            .kernel(files.kernel), machine: layout.rawValue, cpus: cpus, memory: memory, hold: hold, typing: true,
            options: boot + options)
    }

    private static func emulatorDevices(_ disk: String) -> [String] {
        [
            "-global", "virtio-mmio.force-legacy=false", "-drive", "if=none,id=disk,format=raw,file=\(disk)",
            "-device", "virtio-blk-device,drive=disk", "-netdev", "user,id=net",
            "-device", "virtio-net-device,netdev=net",
        ]
    }

    var isRunning: Bool { vm.process.isRunning }

    // MARK: The shell

    /// Waits for the shell's first prompt.
    func waitForShell(limit: Duration = .seconds(150)) throws {
        guard !shellIsReady else { return }
        try vm.waitForSerial("the shell's prompt", limit: limit) { $0.contains(Self.prompt) || !self.isRunning }
        guard isRunning else {
            throw ProcessError("the machine ended while booting: \(vm.serial.suffix(2000)) \(vm.errors)")
        }
        shellIsReady = true
        print("linux: the shell is there after \(ContinuousClock.now - began)")
        // The shell would draw lines again that are longer than the terminal is wide.
        try run("stty cols 2000")
    }

    /// Types a command and returns what it printed when it has ended with this status.
    @discardableResult
    func run(_ command: String, status: Int = 0, limit: Duration = .seconds(60)) throws -> String {
        let typed = try type(command)
        let output = try finish(typed, limit: limit)
        guard output.status == status else {
            throw ProcessError("the guest's `\(command)` ended with status \(output.status): \(output.text)")
        }
        return output.text
    }

    /// A command that has been typed and may still run.
    struct Typed {
        var command: String
        fileprivate var marker: String
        fileprivate var start: Int
    }

    /// Types a command and doesn't wait for it.
    func type(_ command: String) throws -> Typed {
        try waitForShell()
        commands += 1
        let start = vm.serial.utf8.count
        // The echo of the line has `$?` where the output has a number.
        try vm.process.write("\(command); echo \"<$?:\(commands)>\"\n")
        return Typed(command: command, marker: ":\(commands)>", start: start)
    }

    /// Waits until a typed command has ended.
    func finish(_ typed: Typed, limit: Duration = .seconds(60)) throws -> (status: Int, text: String) {
        var found: (status: Int, text: String)?
        do {
            try vm.waitForSerial("the end of `\(typed.command)`", limit: limit) { serial in
                found = Self.output(of: typed, in: serial)
                return found != nil || !isRunning
            }
        } catch {
            // The next input would go to that command: a shared guest is booted again instead.
            vm.process.end()
            throw error
        }
        guard let found else {
            throw ProcessError("the machine ended in `\(typed.command)`: \(vm.serial.suffix(2000)) \(vm.errors)")
        }
        return found
    }

    private static func output(of typed: Typed, in serial: String) -> (status: Int, text: String)? {
        let text = String(decoding: serial.utf8.dropFirst(typed.start), as: UTF8.self)
            .replacingOccurrences(of: "\r", with: "")
        guard let echoEnd = text.range(of: "$?\(typed.marker)\"\n")?.upperBound else { return nil }
        let output = text[echoEnd...]
        // Only with the next prompt is the shell ready: what is typed before that the terminal echoes a second time.
        for candidate in output.matches(of: /<(\d+)(:\d+>)\n/) where candidate.2 == typed.marker {
            guard let status = Int(candidate.1), output[candidate.range.upperBound...].contains(prompt) else {
                continue
            }
            return (status, String(output[..<candidate.range.lowerBound]))
        }
        return nil
    }

    /// Waits until a typed command has printed a text.
    func wait(for text: String, from typed: Typed, limit: Duration = .seconds(60)) throws {
        try vm.waitForSerial("\"\(text)\"", limit: limit) { serial in
            let printed = String(decoding: serial.utf8.dropFirst(typed.start), as: UTF8.self)
            return printed.replacingOccurrences(of: "\r", with: "").contains("\n\(text)\n")
        }
    }

    /// Presses keys, such as Ctrl-C.
    func press(_ keys: String) throws { try vm.process.write(keys) }

    // MARK: The kernel

    /// The address of a kernel symbol, from the guest's own list.
    func kernelSymbol(_ name: String) throws -> UInt64 { try kernelSymbols([name])[0] }

    /// The addresses of kernel symbols, in the order of their names.
    ///
    /// The guest writes the whole list, tens of thousands of lines, each time it is read: it is read once for all that
    /// is new.
    func kernelSymbols(_ names: [String]) throws -> [UInt64] {
        let new = names.filter { symbols[$0] == nil }
        if !new.isEmpty {
            let text = try run("grep -E ' (\(new.joined(separator: "|")))$' /proc/kallsyms")
            for line in text.split(separator: "\n") {
                let fields = line.split(separator: " ")
                guard fields.count == 3, let address = UInt64(fields[0], radix: 16), address != 0 else { continue }
                if symbols[String(fields[2])] == nil { symbols[String(fields[2])] = address }
            }
        }
        return try names.map { name in
            guard let address = symbols[name] else { throw ProcessError("the guest's kernel has no symbol \(name)") }
            return address
        }
    }

    /// Passes when the kernel's log reports no fault of its own; the failure shows the log around the first one.
    ///
    /// Each processor of an emulated x86-64 host has its own TSC, so guests there are right to report an unstable TSC.
    func expectNoComplaints(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let log = try run("dmesg").split(separator: "\n")
        let signs = ["lockup", "stall", "BUG:", "Oops", "Call trace", "hung task", "unstable", "skew", "out of memory"]
        let first = log.firstIndex { line in
            signs.contains { line.localizedCaseInsensitiveContains($0) } && !line.contains("TSC unstable")
                && !line.contains("Unstable clock detected")
        }
        guard let first else { return }
        let excerpt = log[max(0, first - 5)..<min(log.count, first + 60)].joined(separator: "\n")
        Issue.record("the guest's log has complaints:\n\(excerpt)", sourceLocation: sourceLocation)
    }
}

// MARK: - Shared guests

extension LinuxGuest {
    private static let booted = Mutex<[Layout: LinuxGuest]>([:])

    /// The guest all tests of a layout share: booted when it is asked for the first time, and again when it has ended.
    static func shared(_ layout: Layout) throws -> LinuxGuest {
        try booted.withLock { guests in
            if let guest = guests[layout], guest.isRunning { return guest }
            if guests.isEmpty { atexit { LinuxGuest.endAll() } }
            let guest = try LastingThread.run {
                // Four vCPUs on one layout and one on the other: both kinds of kernel run on every test run.
                try LinuxGuest(layout: layout, cpus: layout == .virt ? 4 : 1, devices: true)
            }
            guests[layout] = guest
            try guest.waitForShell()
            return guest
        }
    }

    /// A static is never deinitialised: the guests' folders go at exit.
    private static func endAll() { _ = booted.withLockIfAvailable { $0 = [:] } }
}
