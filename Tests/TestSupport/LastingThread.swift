import Foundation
import Synchronization

/// A thread that stays until the process ends, for programs that are to outlive the test that started them.
///
/// A ``ChildProcess`` ends with the thread that started it, and the threads tests run on come and go.
package enum LastingThread {
    /// Runs the closure on a thread of its own and returns its result.
    package static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result {
        let outcome = Outcome<Result>()
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            outcome.value.withLock { $0 = Swift.Result { try body() } }
            done.signal()
            while true { sleep(3600) }
        }
        done.wait()
        guard let result = outcome.value.withLock({ $0 }) else { throw ProcessError("the thread gave no result") }
        return try result.get()
    }

    private final class Outcome<Value: Sendable>: Sendable {
        let value = Mutex<Swift.Result<Value, any Error>?>(nil)
    }
}
