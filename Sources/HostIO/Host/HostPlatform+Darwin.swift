#if canImport(Darwin)
import Platform
import SystemPackage

// Untested: nothing of the project is run on Darwin yet (Documentation/limits.md).

/// Darwin's implementation of the calls that differ between hosts; `HostPlatform+Linux.swift` has Linux's.
enum HostPlatform {
    // MARK: Descriptors

    /// Darwin's poll(2) has no event for a connection whose other end only stopped sending.
    static let peerHasShutDown: Int16 = 0
    static let notSentOption = TCP_NOTSENT_LOWAT
    /// There is SO_NOSIGPIPE in place of MSG_NOSIGNAL; the process ignores SIGPIPE while a machine runs.
    static let withoutSignal: CInt = 0
    static let streamSocket = SOCK_STREAM

    /// Nil: /dev/fd/N is the same open file description here, which other programs share.
    static func reopen(_ descriptor: FileDescriptor) -> OwnedDescriptor? { nil }

    /// Waits until a file's data is on stable storage, which fsync(2) does not do here.
    static func synchronizeData(_ descriptor: FileDescriptor) -> CInt {
        fcntl(descriptor.rawValue, F_FULLFSYNC) == -1 ? -1 : 0
    }

    // MARK: Threads

    typealias ThreadMain = @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer?

    // SAFETY: a pthread_t is a name for a thread, which every thread may use.
    @safe
    struct Thread: @unchecked Sendable {
        let id: pthread_t
    }

    /// Starts a thread; nil with pthread_create(3)'s error if there is none to be had.
    static func startThread(_ main: ThreadMain, _ argument: UnsafeMutableRawPointer) -> (Thread?, CInt) {
        // SAFETY: pthread_create(3) writes one id; `main` takes `argument` over if the thread starts.
        var id: pthread_t?
        let status = unsafe pthread_create(&id, nil, main, argument)
        return unsafe (id.map { unsafe Thread(id: $0) }, status)
    }

    /// Names the calling thread.
    static func nameThread(_ name: String) {
        // SAFETY: the call reads a string that ends in a zero.
        unsafe pthread_setname_np(name)
    }

    static func initializeCondition(_ condition: UnsafeMutablePointer<pthread_cond_t>) {
        // SAFETY: `condition` is allocated and not initialized yet.
        unsafe pthread_cond_init(condition, nil)
    }

    /// Waits for a condition until a time of `HostClock.now()`; false when it has passed.
    static func wait(
        for condition: UnsafeMutablePointer<pthread_cond_t>, _ mutex: UnsafeMutablePointer<pthread_mutex_t>,
        until deadline: UInt64
    ) -> Bool {
        // SAFETY: the caller holds `mutex`, and both pointers are to initialized objects.
        var limit = timespec(nanoseconds: deadline &- min(deadline, HostClock.now()))
        return unsafe pthread_cond_timedwait_relative_np(condition, mutex, &limit) != ETIMEDOUT
    }

    /// Darwin doesn't say which processor runs a thread.
    static var currentProcessor: CInt { -1 }

    // MARK: Memory

    /// RAM of the host in bytes, of sysctl(3); swap grows as it is needed, and isn't counted.
    static func memory() -> (ram: UInt64, swap: UInt64)? {
        // SAFETY: `length` is the size of the value to write.
        var size: UInt64 = 0
        var length = MemoryLayout<UInt64>.size
        return unsafe sysctlbyname("hw.memsize", &size, &length, nil, 0) == 0 ? (size, 0) : nil
    }
}
#endif
