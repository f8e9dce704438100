import Glibc

/// A terminal in raw mode, put back as it was when this value goes.
///
/// Output processing stays on, so that the guest's plain line feeds look right with any guest.
package struct TerminalMode: ~Copyable {
    private let descriptor: CInt
    private let saved: termios

    private init(_ descriptor: CInt, saved: termios) {
        self.descriptor = descriptor
        self.saved = saved
    }

    /// Nil if the descriptor is no terminal, or can't be changed.
    package static func raw(_ descriptor: CInt) -> TerminalMode? {
        var mode = termios()
        guard isatty(descriptor) == 1, tcgetattr(descriptor, &mode) == 0 else { return nil }
        let saved = mode
        cfmakeraw(&mode)
        mode.c_oflag |= tcflag_t(OPOST | ONLCR)
        guard tcsetattr(descriptor, TCSANOW, &mode) == 0 else { return nil }
        return TerminalMode(descriptor, saved: saved)
    }

    deinit {
        var mode = saved
        tcsetattr(descriptor, TCSANOW, &mode)
    }
}
