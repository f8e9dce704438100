import Glibc

/// A thread of the operating system.
package final class HostThread: Sendable {
    private let thread: pthread_t

    /// Starts `body` on a new thread; throws when the system has no more threads to give.
    ///
    /// The name, of at most 15 bytes, is what the host's tools show.
    package init(named name: String, _ body: @escaping @Sendable () -> Void) throws(HostError) {
        let box = Unmanaged.passRetained(Body(name: name, run: body))
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, HostThread.main, box.toOpaque())
        if status != 0 {
            box.release()
            throw HostError("start a thread", errno: status)
        }
        self.thread = thread
    }

    /// Waits until the thread has ended; to be called once.
    package func join() {
        pthread_join(thread, nil)
    }

    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }

        /// Names the thread this is called on, in the file proc(5) has for that: Glibc's module lacks the function.
        func nameThread() {
            let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { return }
            _ = write(file, name, name.utf8.count)
            close(file)
        }
    }

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument else { return nil }
        // SAFETY: the one retain made in `init` for this thread is taken back here.
        let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        body.nameThread()
        body.run()
        return nil
    }
}
