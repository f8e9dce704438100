import Platform
import Synchronization
import SystemPackage

/// A terminal in raw mode, put back as it was when this value goes, or when a signal ends or stops the process.
///
/// Output processing stays on, so that the guest's plain line feeds look right with any guest.
package struct TerminalMode: ~Copyable {
    private init() {}

    /// Nil if the descriptor is no terminal, or can't be changed, or another terminal is in raw mode already.
    static func raw(_ terminal: FileDescriptor) -> TerminalMode? {
        // SAFETY: tcgetattr(3), cfmakeraw(3) and tcsetattr(3) use `mode` during the call only. The two `modes` are
        // allocated, and no handler reads them before `descriptor` is set.
        let descriptor = terminal.rawValue
        var mode = termios()
        guard RawTerminal.descriptor.load(ordering: .acquiring) < 0, isatty(descriptor) == 1,
            unsafe tcgetattr(descriptor, &mode) == 0
        else { return nil }
        unsafe RawTerminal.modes[0] = mode
        unsafe cfmakeraw(&mode)
        mode.c_oflag |= tcflag_t(OPOST | ONLCR)
        unsafe RawTerminal.modes[1] = mode
        guard unsafe tcsetattr(descriptor, TCSANOW, &mode) == 0 else { return nil }
        RawTerminal.descriptor.store(descriptor, ordering: .releasing)
        RawTerminal.isWanted.store(true, ordering: .releasing)
        return TerminalMode()
    }

    deinit {
        RawTerminal.isWanted.store(false, ordering: .releasing)
        RawTerminal.restore()
        RawTerminal.descriptor.store(-1, ordering: .releasing)
    }
}

/// The terminal that is in raw mode, for signal handlers: everything here is async-signal-safe (signal-safety(7)).
enum RawTerminal {
    fileprivate static let descriptor = Atomic<CInt>(-1)
    fileprivate static let isWanted = Atomic<Bool>(false)
    // SAFETY: written before `descriptor` is set, and only read after it was.
    /// The mode before, and the raw one.
    fileprivate nonisolated(unsafe) static let modes = UnsafeMutablePointer<termios>.allocate(capacity: 2)

    /// Puts the terminal back as it was.
    static func restore() {
        // SAFETY: `modes` has two elements, both written before `descriptor` was set.
        unsafe set(modes)
    }

    /// Makes the terminal raw again, after the process had been stopped.
    static func makeRaw() {
        // SAFETY: `modes` has two elements, both written before `isWanted` was set.
        if isWanted.load(ordering: .acquiring) { unsafe set(modes + 1) }
    }

    /// A shell that has put this process into the background has set its own mode.
    private static func set(_ mode: UnsafePointer<termios>) {
        // SAFETY: the caller's pointer is to one of the two `modes`, which are never freed.
        let raw = descriptor.load(ordering: .acquiring)
        guard raw >= 0 else { return }
        let foreground = tcgetpgrp(raw)
        if foreground < 0 || foreground == getpgrp() { _ = unsafe tcsetattr(raw, TCSANOW, mode) }
    }
}
