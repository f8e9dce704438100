import ArgumentParser
import HostIO
package import Machine
import VirtualMachine

// Parsers of option values. Each error message lists the values that its option accepts.

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

/// The limit on the length of a Unix-domain socket's path.
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

/// A size of memory, such as `128M`; a plain number is in MiB, as in kvmtool.
package struct MemorySize: Equatable, Sendable, ExpressibleByArgument {
    /// The size in bytes.
    package var bytes: UInt64

    /// A size in bytes.
    package init(bytes: UInt64) {
        self.bytes = bytes
    }

    /// The default in the text of `--help`, in MiB.
    package var defaultValueDescription: String { "\(bytes >> 20)M" }

    /// Parses a number and a unit: B, K, M, G or T; nil if it is invalid, zero or above 64 bits.
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

/// The value of `--machine`: a board, selected by its name.
package struct MachineChoice: ExpressibleByArgument, Sendable {
    /// The selected board.
    package var board: any Board

    /// A choice of a board.
    package init(_ board: any Board) {
        self.board = board
    }

    /// Selects the board of this name; nil if there is none.
    package init?(argument: String) {
        guard let board = Boards.all.first(where: { $0.name == argument }) else { return nil }
        self.board = board
    }

    package static var allValueStrings: [String] { Boards.all.map(\.name) }
    package var defaultValueDescription: String { board.name }
}

/// The value of `--accel`.
extension AcceleratorChoice: ExpressibleByArgument {}

/// The value of `--cpu`.
extension VirtualMachineConfiguration.Processor: ExpressibleByArgument {}

/// The value of `--clock`: the way in which a sleeping guest waits on the software CPU.
package enum ClockChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// The guest sleeps in real time, or its idle time is skipped.
    case real, virtual
}

/// The value of `--console`: the guest's device that is its console.
package enum ConsoleChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// The board's UART, or a virtio console.
    case serial, virtio
}
