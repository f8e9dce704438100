import Platform

/// A value protected by a lock, with threads that wait for it to change.
///
/// The standard library's `Mutex` has no condition to wait on.
@safe
package final class LockedValue<Value>: @unchecked Sendable {
    // SAFETY: `value` is touched only between lock and unlock of `mutex`; the pointers are never handed out. In each
    // method below, they are to objects that `init` has initialized and `deinit` destroys.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var value: Value

    package init(_ value: Value) {
        self.value = value
        // SAFETY: both are allocated, and initialized here.
        unsafe pthread_mutex_init(mutex, nil)
        unsafe HostPlatform.initializeCondition(changed)
    }

    deinit {
        // SAFETY: no thread waits or holds the lock, because none has a reference any more.
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Reads or changes the value; waiters look again afterwards.
    package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        // SAFETY: the objects are initialized, and unlocked by the thread that has locked.
        unsafe pthread_mutex_lock(mutex)
        defer {
            unsafe pthread_cond_broadcast(changed)
            unsafe pthread_mutex_unlock(mutex)
        }
        return body(&value)
    }

    /// Changes the value without waking the threads that wait, for a change that none of them waits for: waking one
    /// costs two thread switches.
    package func withLockWithoutWaking<Result>(_ body: (inout Value) -> Result) -> Result {
        // SAFETY: the objects are initialized, and unlocked by the thread that has locked.
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&value)
    }

    /// Makes waiters look again, after a change that `withLockWithoutWaking` made.
    func wakeWaiters() {
        // SAFETY: the condition is initialized.
        unsafe pthread_cond_broadcast(changed)
    }

    /// Waits until `body` gives a result.
    package func wait<Result>(_ body: (inout Value) -> Result?) -> Result {
        // SAFETY: the objects are initialized, and unlocked by the thread that has locked.
        unsafe pthread_mutex_lock(mutex)
        defer {
            unsafe pthread_cond_broadcast(changed)
            unsafe pthread_mutex_unlock(mutex)
        }
        while true {
            if let result = body(&value) { return result }
            unsafe pthread_cond_wait(changed, mutex)
        }
    }

    /// Waits until `body` gives a result, or for at most `nanoseconds`; nil is a time-out.
    package func wait<Result>(nanoseconds: UInt64, _ body: (inout Value) -> Result?) -> Result? {
        let deadline = HostClock.now() &+ nanoseconds
        // SAFETY: the objects are initialized, and unlocked by the thread that has locked.
        unsafe pthread_mutex_lock(mutex)
        defer {
            unsafe pthread_cond_broadcast(changed)
            unsafe pthread_mutex_unlock(mutex)
        }
        while true {
            if let result = body(&value) { return result }
            if unsafe !HostPlatform.wait(for: changed, mutex, until: deadline) { return body(&value) }
        }
    }
}
