import Platform

/// A short wait without sleeping, for an event that is expected within microseconds.
///
/// Debuggers send a dozen requests in a row, and a sleep and a wake-up take longer than a request: up to 40 µs on a
/// virtual machine whose processors are idle, where this wait takes a few. Where other programs wait for a processor,
/// yielding it costs milliseconds, and the scheduler wakes a sleeping thread sooner: then the caller should sleep.
package struct SpinWait {
    /// The time until which ``wait(_:)`` returns at once, because the host is busy.
    private var sleepsUntil: UInt64 = 0

    package init() {}

    /// The longest time that ``spin(until:)`` waits for a running thread, in nanoseconds.
    private static let spinLimit: UInt64 = 20_000

    /// Whether a thread that is running now makes `isThere` true within a few microseconds.
    ///
    /// Spins without sched_yield(2): on a busy host a program that is given the processor keeps it for milliseconds.
    /// After the limit the thread in question is not running, and needs this processor more than this thread does.
    package static func spin(until isThere: () -> Bool) -> Bool {
        let end = HostClock.now() &+ spinLimit
        while !isThere() {
            guard HostClock.now() < end else { return false }
        }
        return true
    }

    /// The longest time that ``wait(_:)`` takes, in nanoseconds.
    private static let limit: UInt64 = 100_000
    /// A sched_yield(2) that takes longer has let a busy program run, in nanoseconds; the client itself takes less.
    private static let longYield: UInt64 = 1_000_000
    /// The time without spinning after a long yield, in nanoseconds.
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
