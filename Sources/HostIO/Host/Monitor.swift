import Platform

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
        HostPlatform.initializeCondition(changed)
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
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
        while true {
            if let result = body(&value) { return result }
            if !HostPlatform.wait(for: changed, mutex, until: deadline) { return body(&value) }
        }
    }
}
