import Glibc

/// Wakes a thread that waits in `poll`, from any other thread.
package final class WakeUp: Sendable {
    private let readEnd: OwnedDescriptor
    private let writeEnd: OwnedDescriptor

    package init() throws(HostError) {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw HostError("make a pipe", errno: lastErrno) }
        readEnd = OwnedDescriptor(ends[0])
        writeEnd = OwnedDescriptor(ends[1])
        readEnd.setNonblocking()
        writeEnd.setNonblocking()
    }

    /// What to poll for reading.
    package var descriptor: CInt { readEnd.raw }

    /// What a signal handler may write a byte to.
    var signalDescriptor: CInt { writeEnd.raw }

    package func signal() {
        var byte: UInt8 = 1
        // A full pipe is as good as one byte: the reader wakes.
        _ = write(writeEnd.raw, &byte, 1)
    }

    /// Forgets every signal so far.
    package func drain() {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            while read(readEnd.raw, buffer.baseAddress, 64) > 0 {}
        }
    }
}
