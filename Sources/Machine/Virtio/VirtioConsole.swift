/// A console with a single port: `hvc0` for Linux.
///
/// OASIS, VIRTIO 1.2, section 5.3; none of its features is offered, so there is no control queue.
package final class VirtioConsole: VirtioDevice, ConsoleDevice {
    package let name = "virtio console"
    package let deviceID: UInt32 = 3
    package let features: UInt64 = 0
    package let queueCount = 2
    package let configuration: [UInt8] = []
    package let inputQueue: Int? = 0

    /// Takes what the guest sends.
    private let output: (UInt8) -> Void
    /// What was typed and did not go to the guest yet.
    private var input = ByteQueue()

    /// As much as a driver sends in one go at most, and as is sent before others have their turn.
    private static let outputLimit: UInt64 = 1 << 20

    package init(output: @escaping (UInt8) -> Void) {
        self.output = output
    }

    /// Puts bytes into the input; returns how many there was room for.
    ///
    /// They go to the guest with the next poll.
    package func receive(_ bytes: [UInt8]) -> Int {
        let accepted = bytes.prefix(consoleInputLimit - input.count)
        for byte in accepted { input.append(byte) }
        return accepted.count
    }

    package func serve(_ queue: inout Virtqueue, index: Int, features: UInt64) throws(VirtioFault) -> Bool {
        index == 0 ? try give(&queue) : try send(&queue)
    }

    private func give(_ queue: inout Virtqueue) throws(VirtioFault) -> Bool {
        while !input.isEmpty, let chain = try queue.pop() {
            var bytes: [UInt8] = []
            while UInt64(bytes.count) < chain.writableCount, let byte = input.popFirst() { bytes.append(byte) }
            guard queue.dma.scatter(bytes, into: chain.writable) else { throw VirtioFault("input that is not to RAM") }
            try queue.push(chain, written: UInt64(bytes.count))
        }
        return false
    }

    private func send(_ queue: inout Virtqueue) throws(VirtioFault) -> Bool {
        var sent: UInt64 = 0
        while sent < Self.outputLimit {
            guard let chain = try queue.pop() else { return false }
            guard chain.readableCount <= Self.outputLimit, let bytes = queue.dma.gather(chain.readable) else {
                throw VirtioFault("console output of \(chain.readableCount) bytes at once")
            }
            for byte in bytes { output(byte) }
            try queue.push(chain, written: 0)
            sent += UInt64(bytes.count) + 1
        }
        return true
    }
}
