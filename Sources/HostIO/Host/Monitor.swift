import Glibc

/// A value behind a lock, with threads that wait for it to change.
///
/// The standard library's `Mutex` has no condition to wait on.
package final class Monitor<Value>: @unchecked Sendable {
    // SAFETY: `value` is touched only between lock and unlock of `mutex`; the pointers are never handed out.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var value: Value

    package init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Reads or changes the value; waiters look again afterwards.
    package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
        return body(&value)
    }

    /// Takes something out that nobody waits to see gone: waking those who wait for something to come would cost two
    /// changes of thread for nothing.
    package func withLockUnnoticed<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&value)
    }

    /// Makes waiters look again, after a change that `withLockUnnoticed` made.
    func wakeWaiters() {
        pthread_cond_broadcast(changed)
    }

    /// Waits until `body` gives a result.
    package func wait<Result>(_ body: (inout Value) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
        while true {
            if let result = body(&value) { return result }
            pthread_cond_wait(changed, mutex)
        }
    }

    /// Waits until `body` gives a result, or for at most `nanoseconds`; nil is a time-out.
    package func wait<Result>(nanoseconds: UInt64, _ body: (inout Value) -> Result?) -> Result? {
        let deadline = HostClock.now() &+ nanoseconds
        var limit = timespec()
        limit.tv_sec = Int(deadline / 1_000_000_000)
        limit.tv_nsec = Int(deadline % 1_000_000_000)
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
        while true {
            if let result = body(&value) { return result }
            if pthread_cond_timedwait(changed, mutex, &limit) == ETIMEDOUT { return body(&value) }
        }
    }
}

/// The host's clock that never goes back, in nanoseconds.
package enum HostClock {
    package static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Seconds since 1970.
    package static func wallClockSeconds() -> UInt64 {
        UInt64(max(0, time(nil)))
    }
}
