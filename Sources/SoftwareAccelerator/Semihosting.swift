import ByteOrder

/// Arm semihosting: services that a bare-metal program requests from its debugger or simulator with `HLT #0xF000`.
///
/// Supported are the console (`:tt`) and the exit operations. Any other operation returns −1, and files do not exist
/// (Arm, "Semihosting for AArch32 and AArch64", sections "Semihosting operations" and "Entering an operation").
package final class Semihosting {
    private let put: (UInt8) -> Void
    private let get: () -> UInt8?
    /// Whether `get` would return a byte.
    let hasInput: () -> Bool

    /// The outcome of a call.
    package enum Outcome: Equatable {
        /// The call is complete. The value is the new X0.
        case result(UInt64)
        /// No input is available. The call must be made again when there is some.
        case waits
        /// Only a part of the output is written. The call must be made again, unchanged, for the rest.
        case pauses
        /// The guest ends the machine with this status.
        case exit(status: UInt8)
    }

    /// A call, with its vCPU and address.
    package struct Call: Equatable, Sendable {
        /// The operation number, in W0.
        package var operation: UInt64
        /// The parameter, in X1.
        package var parameter: UInt64
        /// The vCPU that makes the call.
        package var vcpu: Int
        /// The PC after the call's instruction.
        package var pc: UInt64

        /// A call with these registers.
        package init(operation: UInt64, parameter: UInt64, vcpu: Int = 0, pc: UInt64 = 0) {
            (self.operation, self.parameter, self.vcpu, self.pc) = (operation, parameter, vcpu, pc)
        }
    }

    /// A call whose output has been written in part.
    package struct PausedCall: Equatable, Sendable {
        var call: Call
        /// The number of bytes written.
        var written: UInt64
    }

    /// The call that must be made again for the rest of its output; nil if there is none.
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

    /// Semihosting with a console.
    ///
    /// - Parameters:
    ///   - put: receives a byte of output.
    ///   - get: returns a byte of input, or nil if there is none now.
    ///   - hasInput: returns whether `get` would return a byte.
    package init(
        put: @escaping (UInt8) -> Void, get: @escaping () -> UInt8?, hasInput: @escaping () -> Bool
    ) {
        self.put = put
        self.get = get
        self.hasInput = hasInput
    }

    private static let failure = UInt64.max
    /// The handle of the console, the only handle.
    private static let console: UInt64 = 1
    /// The size limit of strings and blocks, in bytes.
    private static let limit: UInt64 = 1 << 20
    /// The number of bytes written between two checks whether the call must pause.
    private static let pieceSize: UInt64 = 1 << 12

    /// Performs a call.
    ///
    /// `read` returns bytes of guest memory at a virtual address, or nil if they cannot be read. `isToPause` is called
    /// repeatedly while a large output is written; if it returns true, the call pauses.
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

    /// ADP_Stopped_ApplicationExit carries a status.
    ///
    /// Any other reason counts as a failure, with status 1.
    private func exitStatus(reason: UInt64?, subcode: UInt64?) -> UInt8 {
        guard reason == 0x20026 else { return 1 }
        return UInt8(truncatingIfNeeded: subcode ?? 1)
    }

    /// Writes a zero-terminated string, or a block.
    ///
    /// The result of a block is the number of bytes not written; that of a string has no meaning.
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
            // A piece ends at the end of a page, because the next page may be unmapped.
            let size = min(count - written, Self.pieceSize - place % Self.pieceSize)
            // A string may end just before an unreadable byte.
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
