/// Arm semihosting: what a bare-metal program asks its debugger or simulator for with `HLT #0xF000`.
///
/// The console only (`:tt`), and the ways to end; any other operation answers -1, and files do not exist (Arm,
/// "Semihosting for AArch32 and AArch64", sections "Semihosting operations" and "Entering an operation").
package final class Semihosting {
    private let put: (UInt8) -> Void
    private let get: () -> UInt8?
    /// Whether `get` would give a byte.
    let hasInput: () -> Bool

    /// What a call came to.
    package enum Outcome: Equatable {
        /// X0's new value.
        case result(UInt64)
        /// There is no input yet: the call is to be made again when there is.
        case waits
        case exit(status: UInt8)
    }

    /// The operation numbers in W0.
    private enum Operation: UInt32 {
        case open = 0x01
        case close = 0x02
        case writeCharacter = 0x03
        case writeString = 0x04
        case write = 0x05
        case readCharacter = 0x07
        case isError = 0x08
        case isTerminal = 0x09
        case errno = 0x13
        case exit = 0x18
        case exitExtended = 0x20
    }

    /// - Parameters:
    ///   - put: takes a byte of output.
    ///   - get: gives a byte of input, or nil if there is none now.
    ///   - hasInput: tells whether `get` would give one.
    package init(
        put: @escaping (UInt8) -> Void, get: @escaping () -> UInt8?, hasInput: @escaping () -> Bool
    ) {
        self.put = put
        self.get = get
        self.hasInput = hasInput
    }

    private static let failure = UInt64.max
    /// The one handle there is, of the console.
    private static let console: UInt64 = 1
    /// The longest string and the largest block taken: a guest can't keep the host busy for long.
    private static let limit = 1 << 20

    /// Answers a call.
    ///
    /// `read` gives bytes of the guest's memory at a virtual address, nil if they can't be read.
    package func call(
        operation: UInt64, parameter: UInt64, read: (_ address: UInt64, _ count: Int) -> [UInt8]?
    ) -> Outcome {
        guard let operation = Operation(rawValue: UInt32(truncatingIfNeeded: operation)) else {
            return .result(Self.failure)
        }
        func field(_ index: UInt64) -> UInt64? {
            read(parameter &+ 8 &* index, 8).map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        }
        switch operation {
        case .open:
            guard let name = field(0), let length = field(2), length == 3, read(name, 3) == Array(":tt".utf8) else {
                return .result(Self.failure)
            }
            return .result(Self.console)
        case .close:
            return .result(field(0) == Self.console ? 0 : Self.failure)
        case .writeCharacter:
            read(parameter, 1)?.forEach(put)
            return .result(Self.failure)
        case .writeString:
            writeString(parameter, read: read)
            return .result(Self.failure)
        case .write:
            return .result(write(field(0), address: field(1), count: field(2), read: read))
        case .readCharacter:
            guard let byte = get() else { return .waits }
            return .result(UInt64(byte))
        case .isError:
            return .result((field(0) ?? 0) >> 63)
        case .isTerminal:
            return .result(field(0) == Self.console ? 1 : 0)
        case .errno:
            return .result(0)
        case .exit, .exitExtended:
            return .exit(status: exitStatus(reason: field(0), subcode: field(1)))
        }
    }

    /// ADP_Stopped_ApplicationExit carries a status; any other reason is a failure.
    private func exitStatus(reason: UInt64?, subcode: UInt64?) -> UInt8 {
        guard reason == 0x20026 else { return 1 }
        return UInt8(truncatingIfNeeded: subcode ?? 1)
    }

    private func writeString(_ address: UInt64, read: (UInt64, Int) -> [UInt8]?) {
        for offset in 0..<UInt64(Self.limit) {
            guard let byte = read(address &+ offset, 1)?.first, byte != 0 else { return }
            put(byte)
        }
    }

    /// The number of bytes not written.
    private func write(
        _ handle: UInt64?, address: UInt64?, count: UInt64?, read: (UInt64, Int) -> [UInt8]?
    ) -> UInt64 {
        guard let address, let count else { return Self.failure }
        guard handle == Self.console, count <= UInt64(Self.limit), let bytes = read(address, Int(count)) else {
            return count
        }
        bytes.forEach(put)
        return 0
    }
}
