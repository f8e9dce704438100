import Platform

/// Actions of sigaction(2).
enum SignalAction {
    /// The default action, with these flags.
    static func make(flags: CInt) -> sigaction {
        var action = sigaction()
        action.sa_flags = flags
        return action
    }

    /// Nil for a signal that can't be handled.
    static func current(_ number: CInt) -> sigaction? {
        var action = sigaction()
        // SAFETY: sigaction(2) writes one `sigaction`.
        return unsafe sigaction(number, nil, &action) == 0 ? action : nil
    }

    static func isDefault(_ action: sigaction) -> Bool {
        action.handler == nil
    }

    static func isIgnored(_ number: CInt) -> Bool {
        guard let action = current(number) else { return false }
        // SAFETY: the handlers are compared as numbers; SIG_IGN is no function.
        return unsafe unsafeBitCast(action.handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

// The handlers share a union, whose name is the platform's.
extension sigaction {
    typealias Handler = @convention(c) (CInt) -> Void
    typealias InformedHandler =
        @convention(c) (CInt, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?) -> Void

    /// A handler that takes the signal's number.
    var handler: Handler? {
        // SAFETY: each member of the union is an address, so that any may be read as any.
        get {
            #if canImport(Darwin)
            __sigaction_u.__sa_handler
            #else
            unsafe __sigaction_handler.sa_handler
            #endif
        }
        set {
            #if canImport(Darwin)
            __sigaction_u.__sa_handler = newValue
            #else
            unsafe __sigaction_handler.sa_handler = newValue
            #endif
        }
    }

    /// Sets a handler that also receives the signal's information; `sa_flags` must have SA_SIGINFO.
    mutating func setInformedHandler(_ handler: @escaping InformedHandler) {
        // SAFETY: the union's other member is overwritten; the caller sets SA_SIGINFO.
        #if canImport(Darwin)
        __sigaction_u.__sa_sigaction = handler
        #else
        unsafe __sigaction_handler.sa_sigaction = handler
        #endif
    }
}
