import Glibc

/// Carries the guest's output to a descriptor, from the thread that runs the vCPUs.
///
/// A reader that is slow slows the guest down; one that stands still can't keep the vCPUs from stopping.
final class ConsoleOutput: @unchecked Sendable {
    // SAFETY: everything but `shared` is the thread's that runs the vCPUs.
    private var unwritten: [UInt8] = []
    private let shared: Monitor<Shared>

    private struct Shared {
        /// Where output goes; nil drops it.
        var descriptor: CInt?
        /// Whether a full descriptor is to be waited for.
        var mayWait = true
    }

    init(descriptor: CInt?) {
        shared = Monitor(Shared(descriptor: descriptor))
    }

    /// Takes one byte of the guest's.
    func put(_ byte: UInt8) {
        unwritten.append(byte)
        flush()
    }

    /// Changes where output goes; any thread.
    func redirect(to descriptor: CInt?) {
        shared.withLock { $0.descriptor = descriptor }
    }

    /// Lets that thread leave output unwritten for the moment, because it is to stop; any thread.
    func allowWaiting(_ mayWait: Bool) {
        shared.withLock { $0.mayWait = mayWait }
    }

    /// Writes what can be written.
    func flush() {
        while !unwritten.isEmpty {
            // Under the lock, so that the descriptor isn't closed and used anew meanwhile.
            let mayGoOn = shared.withLock { shared in writeSome(to: shared.descriptor, mayWait: shared.mayWait) }
            guard mayGoOn else { return }
            sched_yield()
        }
    }

    /// Writes once; false if it is not worth trying again now.
    private func writeSome(to descriptor: CInt?, mayWait: Bool) -> Bool {
        guard let descriptor else {
            unwritten.removeAll()
            return false
        }
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let ready = poll(&request, 1, mayWait ? 20 : 0)
        if ready == 0 || (ready < 0 && lastErrno == EINTR) { return mayWait }
        let written = unwritten.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if written > 0 {
            unwritten.removeFirst(written)
        } else if lastErrno != EINTR && lastErrno != EAGAIN {
            // Nobody reads any more.
            unwritten.removeAll()
        }
        return true
    }
}
