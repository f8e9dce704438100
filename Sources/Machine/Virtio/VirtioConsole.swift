/// A virtio console with a single port, `hvc0` in Linux.
///
/// None of its features is offered, so there is no control queue. OASIS, VIRTIO 1.2, section 5.3.
package final class VirtioConsole: VirtioDevice, ConsoleDevice {
    /// The device's name.
    package let name = "virtio console"
    /// The device ID: console.
    package let deviceID: UInt32 = 3
    /// No device-specific features.
    package let features: UInt64 = 0
    /// The receive and the transmit queue.
    package let queueCount = 2
    /// No configuration fields, because no feature is offered.
    package let configuration: [UInt8] = []
    /// The receive queue.
    package let inputQueue: Int? = 0

    /// Receives the bytes that the guest sends.
    private let output: (UInt8) -> Void
    /// The state that snapshots save.
    package private(set) var state = State()

    /// Input that the guest has not received, and unfinished output.
    package struct State: Equatable, Sendable {
        /// Input that has not been passed to the guest.
        var input = ByteQueue()
        var sending: Sending?
    }

    /// A chain whose output has begun, and the part of it that remains.
    struct Sending: Equatable, Sendable {
        var chain: DescriptorChain
        var left: [VirtioSegment]
    }

    /// The maximum size of one request, in bytes; drivers send less.
    private static let outputLimit: UInt64 = 1 << 20
    /// The maximum number of bytes sent in one call, because output is passed on byte by byte.
    private static let workLimit: UInt64 = 1 << 14

    /// Makes a console that passes the guest's bytes to `output`.
    package init(output: @escaping (UInt8) -> Void) {
        self.output = output
    }

    /// Appends bytes to the input; returns the number of bytes accepted.
    ///
    /// The guest receives them with the next poll.
    package func receive(_ bytes: [UInt8]) -> Int {
        let accepted = bytes.prefix(consoleInputLimit - state.input.count)
        for byte in accepted { state.input.append(byte) }
        return accepted.count
    }

    /// Passes input to the guest (queue 0), or sends its output (queue 1).
    package func serve(_ queue: inout Virtqueue, index: Int, features: UInt64) throws(VirtioFault) -> Bool {
        index == 0 ? try give(&queue) : try send(&queue)
    }

    private func give(_ queue: inout Virtqueue) throws(VirtioFault) -> Bool {
        while !state.input.isEmpty, let chain = try queue.pop() {
            var bytes: [UInt8] = []
            while UInt64(bytes.count) < chain.writableCount, let byte = state.input.popFirst() { bytes.append(byte) }
            guard queue.dma.scatter(bytes, into: chain.writable) else {
                throw VirtioFault("a buffer for input outside RAM")
            }
            try queue.push(chain, written: UInt64(bytes.count))
        }
        return false
    }

    /// Drops unfinished output; input stays.
    package func reset() { state = State(input: state.input) }

    /// Replaces the state.
    package func restore(_ state: State) { self.state = state }

    /// Drops unfinished output if the transmit queue stops.
    package func stop(queue: Int) {
        if queue == 1 { state.sending = nil }
    }

    private func send(_ queue: inout Virtqueue) throws(VirtioFault) -> Bool {
        var work = VirtioWork(limit: Self.workLimit)
        while !work.isDone {
            if state.sending == nil {
                guard let chain = try queue.pop() else { return false }
                guard chain.readableCount <= Self.outputLimit else {
                    throw VirtioFault("console output of \(chain.readableCount) bytes at once")
                }
                work.spend(UInt64(chain.readable.count))
                state.sending = Sending(chain: chain, left: chain.readable)
            }
            guard let sending = state.sending else { return false }
            let (chain, left) = (sending.chain, sending.left)
            let count = min(left.byteCount, work.left)
            guard let bytes = queue.dma.gather(left.prefix(bytes: count)) else {
                throw VirtioFault("console output outside RAM")
            }
            for byte in bytes { output(byte) }
            work.spend(count + 1)
            guard count == left.byteCount else {
                state.sending = Sending(chain: chain, left: left.dropFirst(bytes: count))
                return true
            }
            state.sending = nil
            try queue.push(chain, written: 0)
        }
        return true
    }

}
