import Platform

/// Leaves the terminal as it was found when a signal ends or stops the process, and takes it again afterwards.
enum TerminalSignals {
    /// Signals for which the Swift runtime prints a backtrace, when the process itself is at fault.
    private static let crashes = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS]
    /// Signals that don't end a process by default, and those that other code handles (signal(7)).
    private static let others = [
        SIGKILL, SIGSTOP, SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGTSTP, SIGTTIN, SIGTTOU, SIGINT, SIGQUIT, SIGTERM,
        SIGHUP, SIGPIPE,
    ]

    // SAFETY: written in `watch`, before the handler that reads it is installed.
    /// The action of each crash signal before `watch`.
    private nonisolated(unsafe) static let before = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)

    /// Handles every signal that would end or stop the process, unless it is used for something already.
    static func watch() {
        for number in CInt(1)...64 where !others.contains(number) {
            // SAFETY: `before` has an element for each signal number up to 64; sigaction(2) reads `action` during the
            // call.
            guard let old = SignalAction.current(number) else { continue }
            guard SignalAction.isDefault(old) || crashes.contains(number) else { continue }
            unsafe before[Int(number)] = old
            var action = SignalAction.make(
                flags: SA_SIGINFO | SA_NODEFER | CInt(bitPattern: UInt32(SA_RESETHAND)) | SA_ONSTACK)
            unsafe action.setInformedHandler(end)
            unsafe sigaction(number, &action, nil)
        }
        for (number, handler) in [(SIGTSTP, stop), (SIGCONT, proceed)] where !SignalAction.isIgnored(number) {
            // SAFETY: sigaction(2) reads `action` during the call.
            var action = SignalAction.make(flags: SA_RESTART)
            action.handler = handler
            unsafe sigaction(number, &action, nil)
        }
    }

    /// Restores the terminal, and lets the signal do what it does by default.
    private static let end: @convention(c) (CInt, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?) -> Void =
        { number, info, _ in
            // SAFETY: the kernel's `info` is valid while the handler runs, and `before` has an element for each number.
            RawTerminal.restore()
            // SA_RESETHAND has made the action the default one. A positive code is the kernel's (sigaction(2)): the
            // instruction at fault is executed again on return, and the Swift runtime's handler reports it.
            if unsafe info?.pointee.si_code ?? 0 > 0 {
                unsafe sigaction(number, before + Int(number), nil)
            } else {
                raise(number)
            }
        }

    /// Restores the terminal, stops as by default, and takes the terminal again when the process continues.
    private static let stop: @convention(c) (CInt) -> Void = { number in
        // SAFETY: each call uses local values during the call only, and all are async-signal-safe (signal-safety(7)).
        let saved = errno
        RawTerminal.restore()
        var byDefault = SignalAction.make(flags: 0)
        var own = sigaction()
        unsafe sigaction(number, &byDefault, &own)
        raise(number)
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, number)
        // With the signal unblocked, the process stops here.
        unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        unsafe sigaction(number, &own, nil)
        RawTerminal.makeRaw()
        errno = saved
    }

    private static let proceed: @convention(c) (CInt) -> Void = { _ in
        let saved = errno
        RawTerminal.makeRaw()
        errno = saved
    }
}
