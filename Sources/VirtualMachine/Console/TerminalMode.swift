import Glibc

/// A terminal in raw mode, put back as it was when this value goes.
///
/// Output processing stays on, so that the guest's plain line feeds look right with any guest.
package struct TerminalMode: ~Copyable {
    private let descriptor: CInt
    private let saved: termios

    /// Nil if the descriptor is no terminal, or can't be changed.
    package init?(_ descriptor: CInt) {
        var mode = termios()
        guard isatty(descriptor) == 1, tcgetattr(descriptor, &mode) == 0 else { return nil }
        saved = mode
        self.descriptor = descriptor
        cfmakeraw(&mode)
        mode.c_oflag |= tcflag_t(OPOST | ONLCR)
        guard tcsetattr(descriptor, TCSANOW, &mode) == 0 else { return nil }
    }

    deinit {
        var mode = saved
        tcsetattr(descriptor, TCSANOW, &mode)
    }
}
