/// Finds Ctrl-A commands in what is typed, as QEMU's and kvmtool's users know them.
package struct EscapeKey: Equatable, Sendable {
    package enum Command: Equatable, Sendable {
        /// Ctrl-A x
        case quit
    }

    private var afterControlA = false
    private static let controlA: UInt8 = 0x01

    package init() {}

    /// Gives the bytes that are for the guest, and stops at the first command.
    ///
    /// Ctrl-A twice is one Ctrl-A for the guest; Ctrl-A and any other key is dropped together.
    package mutating func filter(_ typed: [UInt8]) -> (forGuest: [UInt8], command: Command?) {
        var forGuest: [UInt8] = []
        forGuest.reserveCapacity(typed.count)
        for byte in typed {
            if afterControlA {
                afterControlA = false
                switch byte {
                case UInt8(ascii: "x"), UInt8(ascii: "X"): return (forGuest, .quit)
                case EscapeKey.controlA: forGuest.append(byte)
                default: break
                }
            } else if byte == EscapeKey.controlA {
                afterControlA = true
            } else {
                forGuest.append(byte)
            }
        }
        return (forGuest, nil)
    }
}
