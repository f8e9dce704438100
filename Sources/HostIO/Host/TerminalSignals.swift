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
            guard let old = SignalAction.current(number) else { continue }
            guard SignalAction.isDefault(old) || crashes.contains(number) else { continue }
            before[Int(number)] = old
            var action = SignalAction.make(
                flags: SA_SIGINFO | SA_NODEFER | CInt(bitPattern: UInt32(SA_RESETHAND)) | SA_ONSTACK)
            action.setInformedHandler(end)
            sigaction(number, &action, nil)
        }
        for (number, handler) in [(SIGTSTP, stop), (SIGCONT, proceed)] where !SignalAction.isIgnored(number) {
            var action = SignalAction.make(flags: SA_RESTART)
            action.handler = handler
            sigaction(number, &action, nil)
        }
    }

    /// Restores the terminal, and lets the signal do what it does by default.
    private static let end: @convention(c) (CInt, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?) -> Void =
        { number, info, _ in
            RawTerminal.restore()
            // SA_RESETHAND has made the action the default one. A positive code is the kernel's (sigaction(2)): the
            // instruction at fault is executed again on return, and the Swift runtime's handler reports it.
            if info?.pointee.si_code ?? 0 > 0 {
                sigaction(number, before + Int(number), nil)
            } else {
                raise(number)
            }
        }

    /// Restores the terminal, stops as by default, and takes the terminal again when the process continues.
    private static let stop: @convention(c) (CInt) -> Void = { number in
        let saved = errno
        RawTerminal.restore()
        var byDefault = SignalAction.make(flags: 0)
        var own = sigaction()
        sigaction(number, &byDefault, &own)
        raise(number)
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        // With the signal unblocked, the process stops here.
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        sigaction(number, &own, nil)
        RawTerminal.makeRaw()
        errno = saved
    }

    private static let proceed: @convention(c) (CInt) -> Void = { _ in
        let saved = errno
        RawTerminal.makeRaw()
        errno = saved
    }
}
