#if os(Linux)
import CLinuxKVM
import Platform
import SystemPackage

/// Linux's implementation of the calls that differ between hosts; `HostPlatform+Darwin.swift` has Darwin's.
enum HostPlatform {
    // MARK: Descriptors

    /// POLLRDHUP of poll(2), which Glibc's module leaves out: GNU sources alone have it.
    static let peerHasShutDown: Int16 = 0x2000
    /// TCP_NOTSENT_LOWAT of tcp(7), which Glibc's module leaves out.
    static let notSentOption: CInt = 25
    /// Keeps send(2) from raising SIGPIPE.
    static let withoutSignal = CInt(MSG_NOSIGNAL)
    static let streamSocket = CInt(SOCK_STREAM.rawValue)

    /// Opens a terminal or a pipe a second time, for writing and without blocking; nil if it can't be opened.
    ///
    /// O_NONBLOCK belongs to the open file description, which other programs share: duplicating would not do.
    static func reopen(_ descriptor: FileDescriptor) -> OwnedDescriptor? {
        do throws(Errno) {
            return try .open(
                FilePath("/proc/self/fd/\(descriptor.rawValue)"), .writeOnly,
                options: [.nonBlocking, .noControllingTerminal])
        } catch {
            return nil
        }
    }

    /// Waits until a file's data is on stable storage.
    static func synchronizeData(_ descriptor: FileDescriptor) -> CInt { fdatasync(descriptor.rawValue) }

    // MARK: Threads

    typealias ThreadMain = @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?

    struct Thread: Sendable {
        let id: pthread_t
    }

    /// Starts a thread; nil with pthread_create(3)'s error if there is none to be had.
    static func startThread(_ main: ThreadMain, _ argument: UnsafeMutableRawPointer) -> (Thread?, CInt) {
        // SAFETY: pthread_create(3) writes one id; `main` takes `argument` over if the thread starts.
        var id = pthread_t()
        let status = unsafe pthread_create(&id, nil, main, argument)
        return (status == 0 ? Thread(id: id) : nil, status)
    }

    /// Names the calling thread, in the file that proc(5) has for that: Glibc's module lacks the function.
    static func nameThread(_ name: String) {
        do throws(Errno) {
            let file = try OwnedDescriptor.open("/proc/thread-self/comm", .writeOnly)
            _ = try file.borrowed.write(Array(name.utf8)[...])
        } catch {
            // A thread without a name works as well.
        }
    }

    /// Makes a condition whose waits are measured by the clock of `HostClock.now()`.
    static func initializeCondition(_ condition: UnsafeMutablePointer<pthread_cond_t>) {
        // SAFETY: `condition` is allocated and not initialized yet; the attributes are destroyed after their last use.
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    /// Waits for a condition until a time of `HostClock.now()`; false when it has passed.
    static func wait(
        for condition: UnsafeMutablePointer<pthread_cond_t>, _ mutex: UnsafeMutablePointer<pthread_mutex_t>,
        until deadline: UInt64
    ) -> Bool {
        // SAFETY: the caller holds `mutex`, and both pointers are to initialized objects.
        var limit = timespec(nanoseconds: deadline)
        return unsafe pthread_cond_timedwait(condition, mutex, &limit) != ETIMEDOUT
    }

    /// The processor that runs the calling thread.
    static var currentProcessor: CInt { trapline_current_processor() }

    // MARK: Memory

    /// RAM and swap of the host in bytes, of /proc/meminfo; nil if it can't be read.
    static func memory() -> (ram: UInt64, swap: UInt64)? {
        HostFile.readSmall("/proc/meminfo").flatMap { memory(meminfo: $0) }
    }

    /// RAM and swap by the text of a /proc/meminfo (proc(5)).
    static func memory(meminfo: String) -> (ram: UInt64, swap: UInt64)? {
        guard let ram = field("MemTotal", of: meminfo), let swap = field("SwapTotal", of: meminfo) else { return nil }
        return (ram, swap)
    }

    /// A line such as `MemTotal:  24683520 kB`, in bytes.
    private static func field(_ name: String, of meminfo: String) -> UInt64? {
        for line in meminfo.split(separator: "\n") where line.hasPrefix(name + ":") {
            let words = line.split(separator: " ")
            guard words.count >= 2, let kibibytes = UInt64(words[1]), kibibytes < 1 << 53 else { return nil }
            return kibibytes << 10
        }
        return nil
    }
}
#endif
