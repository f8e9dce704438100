import Platform

/// The host's clocks, in nanoseconds.
package enum HostClock {
    /// The time of a clock that never goes back.
    package static func now() -> UInt64 { time(CLOCK_MONOTONIC) }

    /// Time that the calling thread has been running, guests of its own included: the load of other programs doesn't
    /// count.
    package static func ofThisThread() -> UInt64 { time(CLOCK_THREAD_CPUTIME_ID) }

    /// Seconds since 1970.
    package static func wallClockSeconds() -> UInt64 {
        UInt64(max(0, Platform.time(nil)))
    }

    private static func time(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        // SAFETY: clock_gettime(2) writes one `timespec`.
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension timespec {
    init(nanoseconds: UInt64) {
        self.init()
        tv_sec = Int(nanoseconds / 1_000_000_000)
        tv_nsec = Int(nanoseconds % 1_000_000_000)
    }
}
