import Platform
import SystemPackage

/// A thread of the operating system.
package final class HostThread: Sendable {
    private let thread: HostPlatform.Thread

    /// Starts `body` on a new thread; throws when the system has no more threads to give.
    ///
    /// The name, of at most 15 bytes, is what the host's tools show.
    package init(named name: String, _ body: @escaping @Sendable () -> Void) throws(HostError) {
        // SAFETY: the retain is taken back by the thread, or here if there is none.
        let box = unsafe Unmanaged.passRetained(Body(name: name, run: body))
        let (thread, status) = unsafe HostPlatform.startThread(HostThread.main, box.toOpaque())
        guard let thread else {
            unsafe box.release()
            throw HostError("start a thread", errno: Errno(rawValue: status))
        }
        self.thread = thread
    }

    /// Waits until the thread has ended; to be called once.
    package func join() {
        pthread_join(thread.id, nil)
    }

    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    private static let main: HostPlatform.ThreadMain = { argument in
        // SAFETY: the one retain made in `init` for this thread is taken back here.
        guard let argument = unsafe argument as UnsafeMutableRawPointer? else { return nil }
        let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        HostPlatform.nameThread(body.name)
        body.run()
        return nil
    }
}
