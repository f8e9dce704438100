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
        return sigaction(number, nil, &action) == 0 ? action : nil
    }

    static func isDefault(_ action: sigaction) -> Bool {
        action.handler == nil
    }

    static func isIgnored(_ number: CInt) -> Bool {
        guard let action = current(number) else { return false }
        return unsafeBitCast(action.handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

// The handlers share a union, whose name is the platform's.
extension sigaction {
    typealias Handler = @convention(c) (CInt) -> Void
    typealias InformedHandler =
        @convention(c) (CInt, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?) -> Void

    /// A handler that takes the signal's number.
    var handler: Handler? {
        get {
            #if canImport(Darwin)
            __sigaction_u.__sa_handler
            #else
            __sigaction_handler.sa_handler
            #endif
        }
        set {
            #if canImport(Darwin)
            __sigaction_u.__sa_handler = newValue
            #else
            __sigaction_handler.sa_handler = newValue
            #endif
        }
    }

    /// Makes a handler take what is known of the signal, too; `sa_flags` must have SA_SIGINFO.
    mutating func setInformedHandler(_ handler: @escaping InformedHandler) {
        #if canImport(Darwin)
        __sigaction_u.__sa_sigaction = handler
        #else
        __sigaction_handler.sa_sigaction = handler
        #endif
    }
}
