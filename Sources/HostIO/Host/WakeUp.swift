import Platform
package import SystemPackage

/// Wakes a thread that waits in `poll`, from any other thread.
package final class WakeUp: Sendable {
    private let readEnd: OwnedDescriptor
    private let writeEnd: OwnedDescriptor

    package init() throws(HostError) {
        let ends = try attempt { () throws(Errno) in
            try OwnedDescriptor.pipe()
        } otherwise: {
            HostError("make a pipe", errno: $0)
        }
        readEnd = ends.first
        writeEnd = ends.second
        readEnd.setNonblocking()
        writeEnd.setNonblocking()
    }

    /// The descriptor to poll for reading.
    package var descriptor: FileDescriptor { readEnd.borrowed }

    /// The descriptor that a signal handler may write a byte to.
    var signalDescriptor: CInt { writeEnd.borrowed.rawValue }

    package func signal() {
        var byte: UInt8 = 1
        // A full pipe is as good as one byte: the reader wakes. Signal-safe, so that a handler may do the same.
        // SAFETY: write(2) reads one byte.
        _ = unsafe write(writeEnd.borrowed.rawValue, &byte, 1)
    }

    /// Forgets every signal so far.
    package func drain() {
        while let bytes = try? readEnd.borrowed.read(upTo: 64), bytes.count == 64 {}
    }
}
