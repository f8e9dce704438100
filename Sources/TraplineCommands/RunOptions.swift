import ArgumentParser
import HostIO
package import Machine
import VirtualMachine

// How option texts become values: each type says in its own words what it takes.

extension DebugEndpoint {
    static func parse(_ text: String) throws -> DebugEndpoint {
        try UnixPath.check(text)
        guard let endpoint = DebugEndpoint(text) else {
            throw ValidationError(
                "give [HOST:]PORT with a numeric address, unix:PATH, or - for standard input and output")
        }
        return endpoint
    }
}

extension ConsoleEndpoint {
    static func parse(_ text: String) throws -> ConsoleEndpoint {
        try UnixPath.check(text)
        guard let endpoint = ConsoleEndpoint(text) else {
            throw ValidationError("give stdio, file:PATH, unix:PATH or none")
        }
        return endpoint
    }
}

/// The limit that all Unix-domain sockets have.
private enum UnixPath {
    static func check(_ text: String) throws {
        guard text.hasPrefix("unix:") else { return }
        let count = text.utf8.count - 5
        let most = DebugEndpoint.longestUnixPath - 1
        guard count > most else { return }
        throw ValidationError(
            "the path has \(count) bytes, and the system takes no more than \(most) for a Unix socket: use a shorter one"
        )
    }
}

extension DiskOption {
    static func parse(_ text: String) throws -> DiskOption {
        guard let option = DiskOption(text) else { throw ValidationError("name a file: FILE, or FILE,ro") }
        return option
    }
}

extension NetworkEndpoint {
    static func parse(_ text: String) throws -> NetworkEndpoint {
        try UnixPath.check(text)
        guard let endpoint = NetworkEndpoint(text) else { throw ValidationError("give passt, tap:NAME or unix:PATH") }
        return endpoint
    }
}

/// A size in bytes, as in `128M`: a plain number is MiB, as in kvmtool.
package struct MemorySize: Equatable, Sendable, ExpressibleByArgument {
    package var bytes: UInt64

    package init(bytes: UInt64) {
        self.bytes = bytes
    }

    /// As `--help` shows the default.
    package var defaultValueDescription: String { "\(bytes >> 20)M" }

    package init?(argument: String) {
        let units: [Character: UInt64] = ["B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        var digits = Substring(argument)
        var unit: UInt64 = 1 << 20
        if let last = digits.last, let named = units[Character(last.uppercased())] {
            unit = named
            digits = digits.dropLast()
        }
        guard let count = UInt64(digits), digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, bytes > 0 else { return nil }
        self.bytes = bytes
    }
}

/// A number for `--kaslr-seed`: decimal, or hexadecimal after `0x`.
enum KASLRSeed {
    static func parse(_ text: String) throws -> UInt64 {
        let value = text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
        guard let value else {
            throw ValidationError("--kaslr-seed \(text): give a number of up to 64 bits, as 1234 or 0x4d2")
        }
        return value
    }
}

/// A board, chosen by its name.
package struct MachineChoice: ExpressibleByArgument, Sendable {
    package var board: any Board

    package init(_ board: any Board) {
        self.board = board
    }

    package init?(argument: String) {
        guard let board = Boards.all.first(where: { $0.name == argument }) else { return nil }
        self.board = board
    }

    package static var allValueStrings: [String] { Boards.all.map(\.name) }
    package var defaultValueDescription: String { board.name }
}

/// The value of `--accel`.
extension AcceleratorChoice: ExpressibleByArgument {}

/// Which processor the software CPU is.
extension VirtualMachineConfiguration.Processor: ExpressibleByArgument {}

/// How a sleeping guest waits on the software CPU.
package enum ClockChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case real, virtual
}

/// Which of the guest's devices is its console.
package enum ConsoleChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case serial, virtio
}
