import Platform
package import SystemPackage

/// Makes a system call, and makes it again each time a signal has interrupted it; a result of -1 is thrown as the
/// errno.
@discardableResult
func systemCall<Result: SignedInteger>(_ call: () -> Result) throws(Errno) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let failure = Errno.last
        if failure != .interrupted { throw failure }
    }
}

/// Makes a call, and throws another error in place of its errno.
package func attempt<Value: ~Copyable, Failure: Error>(
    _ call: () throws(Errno) -> Value, otherwise failure: (Errno) -> Failure
) throws(Failure) -> Value {
    do throws(Errno) {
        return try call()
    } catch {
        throw failure(error)
    }
}

extension Errno {
    /// The errno of the call that has just failed on this thread.
    package static var last: Errno { Errno(rawValue: errno) }

    /// Whether a descriptor that doesn't block has nothing to read, or no room to write, now.
    package var isWouldBlock: Bool { self == .wouldBlock || self == .resourceTemporarilyUnavailable }
}

/// A failed call to the operating system: what was tried, and why it failed.
package struct HostError: Error, CustomStringConvertible {
    package var operation: String
    package var errno: Errno

    package init(_ operation: String, errno: Errno) {
        self.operation = operation
        self.errno = errno
    }

    package var description: String { "\(operation): \(errno)" }
}
