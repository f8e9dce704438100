import Glibc

/// A thread of the operating system.
final class HostThread: Sendable {
    private let thread: pthread_t

    /// Starts `body` on a new thread; throws when the system has no more threads to give.
    init(_ body: @escaping @Sendable () -> Void) throws(HostError) {
        let box = Unmanaged.passRetained(Body(run: body))
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, HostThread.main, box.toOpaque())
        if status != 0 {
            box.release()
            throw HostError("start a thread", errno: status)
        }
        self.thread = thread
    }

    /// Waits until the thread has ended; to be called once.
    func join() {
        pthread_join(thread, nil)
    }

    private final class Body {
        let run: @Sendable () -> Void

        init(run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument else { return nil }
        // SAFETY: the one retain made in `init` for this thread is taken back here.
        let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        body.run()
        return nil
    }
}
