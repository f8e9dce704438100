import ByteOrder

/// Arm semihosting: what a bare-metal program asks its debugger or simulator for with `HLT #0xF000`.
///
/// The console only (`:tt`), and the ways to end; any other operation answers -1, and files do not exist (Arm,
/// "Semihosting for AArch32 and AArch64", sections "Semihosting operations" and "Entering an operation").
package final class Semihosting {
    private let put: (UInt8) -> Void
    private let get: () -> UInt8?
    /// Whether `get` would give a byte.
    let hasInput: () -> Bool

    /// The outcome of a call.
    package enum Outcome: Equatable {
        /// X0's new value.
        case result(UInt64)
        /// No input is available: the call must be made again when there is.
        case waits
        /// A part of the output is left: the call must be made again, unchanged, to continue there.
        case pauses
        case exit(status: UInt8)
    }

    /// A call, and where it is made from.
    package struct Call: Equatable, Sendable {
        /// W0 and X1.
        package var operation: UInt64
        package var parameter: UInt64
        package var vcpu: Int
        package var pc: UInt64

        package init(operation: UInt64, parameter: UInt64, vcpu: Int = 0, pc: UInt64 = 0) {
            (self.operation, self.parameter, self.vcpu, self.pc) = (operation, parameter, vcpu, pc)
        }
    }

    /// A call whose output is written in part.
    package struct PausedCall: Equatable, Sendable {
        var call: Call
        /// In bytes.
        var written: UInt64
    }

    /// The call that must be made again for the rest of its output.
    var paused: PausedCall?

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
    ///   - hasInput: returns whether `get` would return one.
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
    /// The longest string and the largest block taken.
    private static let limit: UInt64 = 1 << 20
    /// The number of bytes written between two checks whether the call must pause.
    private static let pieceSize: UInt64 = 1 << 12

    /// Answers a call.
    ///
    /// `read` gives bytes of the guest's memory at a virtual address, nil if they can't be read. `isToPause` is asked
    /// while much is written.
    package func answer(
        _ call: Call, isToPause: () -> Bool = { false }, read: (_ address: UInt64, _ count: Int) -> [UInt8]?
    ) -> Outcome {
        let parameter = call.parameter
        let written = paused.map { $0.call == call ? $0.written : 0 } ?? 0
        paused = nil
        guard let operation = Operation(rawValue: UInt32(truncatingIfNeeded: call.operation)) else {
            return .result(Self.failure)
        }
        func field(_ index: UInt64) -> UInt64? {
            read(parameter &+ 8 &* index, 8).map { UInt64(littleEndianBytes: $0) }
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
            return write(call, parameter, count: Self.limit, isString: true, from: written, isToPause, read)
        case .write:
            guard let handle = field(0), let address = field(1), let count = field(2) else {
                return .result(Self.failure)
            }
            guard handle == Self.console, count <= Self.limit else { return .result(count) }
            return write(call, address, count: count, isString: false, from: written, isToPause, read)
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

    /// Writes a string that ends with a zero, whose result means nothing, or a block, whose result is what of it is
    /// left.
    private func write(
        _ call: Call, _ address: UInt64, count: UInt64, isString: Bool, from start: UInt64, _ isToPause: () -> Bool,
        _ read: (UInt64, Int) -> [UInt8]?
    ) -> Outcome {
        var written = start
        while written < count {
            if written > start, isToPause() {
                paused = PausedCall(call: call, written: written)
                return .pauses
            }
            let place = address &+ written
            // No piece crosses into a page that may not be there.
            let size = min(count - written, Self.pieceSize - place % Self.pieceSize)
            // A string may end just before what can't be read.
            guard let bytes = read(place, Int(size)) ?? (isString ? read(place, 1) : nil) else { break }
            if isString, let end = bytes.firstIndex(of: 0) {
                bytes[..<end].forEach(put)
                break
            }
            bytes.forEach(put)
            written += UInt64(bytes.count)
        }
        return .result(isString ? Self.failure : count - min(written, count))
    }
}
