import Platform

/// Decides how long to look for something without sleeping, when it is expected within microseconds.
///
/// Debuggers ask a dozen things in a row, and to sleep and be woken takes longer than their questions do: up to 40 µs on a
/// virtual machine whose processors are idle, where this takes a few. Where other programs wait for a processor, giving it
/// to them costs milliseconds, and the scheduler wakes a sleeper sooner: then it sleeps.
package struct Wakefulness {
    /// Until when it sleeps at once, because the host is busy.
    private var sleepsUntil: UInt64 = 0

    package init() {}

    /// How long a running thread is waited for without giving the processor away, in nanoseconds.
    private static let spinLimit: UInt64 = 20_000

    /// Whether a thread that is running now makes `isThere` true within a few microseconds.
    ///
    /// Spins without sched_yield(2): on a busy host a program that is given the processor keeps it for milliseconds. After
    /// the limit the thread in question is not running, and needs this processor more than this thread does.
    package static func spin(until isThere: () -> Bool) -> Bool {
        let end = HostClock.now() &+ spinLimit
        while !isThere() {
            guard HostClock.now() < end else { return false }
        }
        return true
    }

    /// In nanoseconds.
    private static let limit: UInt64 = 100_000
    /// A sched_yield(2) that takes longer has let a busy program run, in nanoseconds; the client itself takes less.
    private static let longYield: UInt64 = 1_000_000
    /// In nanoseconds.
    private static let restOfBusyHost: UInt64 = 100_000_000

    /// Whether `isThere` becomes true soon enough.
    package mutating func wait(_ isThere: () -> Bool) -> Bool {
        var now = HostClock.now()
        guard now >= sleepsUntil else { return false }
        let end = now &+ Self.limit
        while true {
            if isThere() { return true }
            let before = HostClock.now()
            guard before < end else { return false }
            sched_yield()
            now = HostClock.now()
            guard now &- before > Self.longYield else { continue }
            sleepsUntil = now &+ Self.restOfBusyHost
            return isThere()
        }
    }
}
