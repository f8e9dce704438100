import Platform
import Synchronization

/// Turns the signals that ask a process to end into a flag and a wake-up, so that it ends in order.
package enum TerminationSignals {
    private static let received = Atomic<CInt>(0)
    private static let pipe = Atomic<CInt>(-1)

    /// From now on SIGINT, SIGQUIT, SIGTERM and SIGHUP are noted and wake `wakeUp`; SIGPIPE is ignored.
    ///
    /// SIGHUP stays ignored if it was: nohup(1).
    package static func watch(_ wakeUp: WakeUp) {
        pipe.store(wakeUp.signalDescriptor, ordering: .releasing)
        for number in [SIGINT, SIGQUIT, SIGTERM, SIGHUP] where number != SIGHUP || !SignalAction.isIgnored(number) {
            signal(number) { number in
                // Only what is safe in a signal handler: an atomic store and write(2).
                TerminationSignals.received.store(number, ordering: .releasing)
                var byte: UInt8 = 1
                let saved = errno
                // SAFETY: write(2) reads one byte.
                _ = unsafe write(TerminationSignals.pipe.load(ordering: .acquiring), &byte, 1)
                errno = saved
            }
        }
        signal(SIGPIPE, SIG_IGN)
        TerminalSignals.watch()
    }

    /// The signal that came, if one did.
    package static var pending: CInt? {
        let number = received.load(ordering: .acquiring)
        return number == 0 ? nil : number
    }

    /// Ends the process as the signal would have.
    package static func die(of number: CInt) {
        signal(number, SIG_DFL)
        raise(number)
    }
}
