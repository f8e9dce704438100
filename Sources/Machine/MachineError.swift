/// Why a machine could not be built: one line that says what, where and what to do about it.
package struct MachineError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// The configuration contradicts itself or the board.
        case configuration
        /// A file can't be read.
        case file
        /// A file's content is not what it has to be.
        case format
        /// Something does not fit where it has to go.
        case space
        /// The host has no memory for the guest.
        case hostMemory
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

/// A number as addresses are written: `0x40000000`.
package func hexadecimal(_ value: UInt64) -> String {
    "0x" + String(value, radix: 16)
}

/// A size as a person says it: `64 MiB`, or `1000 bytes` where no unit divides it.
package func sizeInWords(_ bytes: UInt64) -> String {
    let units: [(shift: UInt64, name: String)] = [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")]
    for unit in units where bytes >> unit.shift > 0 && bytes & ((1 << unit.shift) - 1) == 0 {
        return "\(bytes >> unit.shift) \(unit.name)"
    }
    return bytes == 1 ? "1 byte" : "\(bytes) bytes"
}
