/// Carries the guest's output to a descriptor, gathered into few writes.
///
/// A thread of its own writes what has been gathered when a line ends, when there is enough of it, or a few
/// milliseconds after its first byte; so neither the vCPUs nor the debugger pay for a system call per byte, or for a
/// slow reader. A reader that is slower than the guest slows the guest down once the queue is full; one that stands
/// still can't keep the vCPUs from stopping.
final class ConsoleOutput: Sendable {
    private let queue: LockedValue<Queue>

    private struct Queue {
        /// Gathered and not written yet.
        var text: [UInt8] = []
        /// Where output goes; nil drops it.
        var sink: ConsoleSink?
        /// Whether a thread has taken bytes out of `text` and writes them.
        var isWriting = false
        /// Whether the reader takes nothing now.
        var isStalled = false
        /// Whether a vCPU may wait for room in a full queue.
        var mayWait = true
        /// Whether to write without gathering more: a line has ended, there is enough, or a stop is about to be
        /// reported.
        var isDue = false
        var isClosed = false

        var isEmpty: Bool { text.isEmpty && !isWriting }
    }

    /// The number of unwritten bytes at which the guest waits for the reader.
    private static let capacity = 1 << 16
    /// Upper bound on unwritten bytes; more are dropped.
    ///
    /// Only a vCPU that may not wait exceeds `capacity`.
    private static let limit = 1 << 20
    /// The number of bytes that are written at once.
    private static let batch = 1 << 12
    /// How long bytes without a line end are gathered, in nanoseconds.
    private static let gatheringTime: UInt64 = 2_000_000
    /// Backstop for a host whose files hang, in nanoseconds.
    private static let flushLimit: UInt64 = 1_000_000_000

    /// Output to a sink; with nil, bytes are dropped until there is one.
    init(_ sink: ConsoleSink?) throws(HostError) {
        let queue = LockedValue(Queue(sink: sink))
        self.queue = queue
        _ = try HostThread(named: "console") { Self.write(queue) }
    }

    deinit {
        queue.withLock { $0.isClosed = true }
    }

    /// Takes one byte of the guest's, on a thread that runs vCPUs.
    func put(_ byte: UInt8) {
        let (isTaken, wakesWriter) = queue.withLockWithoutWaking { queue in
            queue.mayWait && queue.text.count >= Self.capacity ? (false, true) : (true, Self.take(byte, &queue))
        }
        if wakesWriter { queue.wakeWaiters() }
        guard !isTaken else { return }
        queue.wait { queue -> Void? in
            guard queue.text.count < Self.capacity || !queue.mayWait else { return nil }
            _ = Self.take(byte, &queue)
        }
    }

    /// Appends a byte; whether the writer has something to look at.
    private static func take(_ byte: UInt8, _ queue: inout Queue) -> Bool {
        guard queue.sink != nil, queue.text.count < limit else { return false }
        queue.text.append(byte)
        let isDue = byte == UInt8(ascii: "\n") || queue.text.count >= batch
        guard isDue && !queue.isDue || queue.text.count == 1 else { return false }
        queue.isDue = queue.isDue || isDue
        return !queue.isWriting
    }

    /// Changes where output goes; what is unwritten then is dropped if there is no reader any more.
    func redirect(to sink: ConsoleSink?) {
        queue.withLock { queue in
            queue.sink = sink
            queue.isStalled = false
            if sink == nil { queue.text = [] }
        }
    }

    /// Lets the vCPUs leave output unwritten for the moment, because they are about to stop; any thread.
    func allowWaiting(_ mayWait: Bool) {
        let freesVCPU = queue.withLockWithoutWaking { queue in
            queue.mayWait = mayWait
            return !mayWait && queue.text.count >= Self.capacity
        }
        if freesVCPU { queue.wakeWaiters() }
    }

    /// Writes what has been gathered, as far as the reader takes it now.
    func flush() {
        if let (text, sink) = queue.withLockWithoutWaking({ Self.begin(&$0) }) {
            let rest = sink.writeNow(text[...])
            queue.withLock { queue in
                queue.isWriting = false
                queue.isStalled = !rest.isEmpty
                if queue.isStalled { queue.text = rest + queue.text }
                // The writer continues with the rest.
                queue.isDue = !queue.text.isEmpty
            }
            return
        }
        _ = isWritten(within: Self.flushLimit, orStalled: true)
    }

    /// Waits until everything is written; false after the time.
    func isWritten(within nanoseconds: UInt64, orStalled: Bool = false) -> Bool {
        // Most stops find nothing to write; the writer is not woken for them.
        let isEmpty = queue.withLockWithoutWaking { queue in
            queue.isDue = !queue.text.isEmpty
            return queue.isEmpty
        }
        if isEmpty { return true }
        queue.wakeWaiters()
        return queue.wait(nanoseconds: nanoseconds) { $0.isEmpty || (orStalled && $0.isStalled) ? true : nil } ?? false
    }

    // MARK: The writer

    /// Takes what has been gathered out of the queue, for the calling thread to write.
    private static func begin(_ queue: inout Queue) -> ([UInt8], ConsoleSink)? {
        guard !queue.isWriting, !queue.text.isEmpty, let sink = queue.sink else { return nil }
        queue.isWriting = true
        queue.isDue = false
        var text: [UInt8] = []
        swap(&text, &queue.text)
        return (text, sink)
    }

    /// The body of the thread, which ends when the output is closed.
    private static func write(_ queue: LockedValue<Queue>) {
        while true {
            let isClosed = queue.wait { queue in
                queue.isClosed ? true : queue.isWriting || queue.text.isEmpty ? nil : false
            }
            if isClosed { return }
            _ = queue.wait(nanoseconds: gatheringTime) { $0.isDue || $0.isClosed ? () : nil }
            // This wakes the vCPUs that wait for room.
            guard let (text, sink) = queue.withLock({ begin(&$0) }) else { continue }
            sink.write(text) { queue.withLock { $0.isStalled = true } }
            queue.withLock { queue in
                queue.isWriting = false
                queue.isStalled = false
            }
        }
    }
}
