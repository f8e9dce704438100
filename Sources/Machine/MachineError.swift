/// Why a machine could not be built: one line that says what, where and what to do about it.
package struct MachineError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// The configuration contradicts itself or the layout.
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
