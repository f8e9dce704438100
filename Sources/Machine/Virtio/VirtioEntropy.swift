import ByteOrder

/// A virtio entropy device, a source of random bytes.
///
/// OASIS, VIRTIO 1.2, section 5.4.
package final class VirtioEntropy: VirtioDevice {
    /// The device has no state.
    package typealias State = NoState

    /// The device's name.
    package let name = "virtio entropy"
    /// The device ID: entropy source.
    package let deviceID: UInt32 = 4
    /// No device-specific features.
    package let features: UInt64 = 0
    /// One request queue.
    package let queueCount = 1
    /// No configuration fields.
    package let configuration: [UInt8] = []

    private let source: () -> UInt64
    /// The maximum number of bytes in a buffer; drivers must accept a partly filled buffer.
    private static let limit: UInt64 = 4096
    /// The work of one call: sixteen buffers.
    private static let workLimit: UInt64 = 1 << 16

    /// Makes a device that takes its bytes from `source`, eight at a time.
    package init(source: @escaping () -> UInt64) {
        self.source = source
    }

    /// Fills buffers with random bytes.
    package func serve(_ queue: inout Virtqueue, index: Int, features: UInt64) throws(VirtioFault) -> Bool {
        var work = VirtioWork(limit: Self.workLimit)
        while !work.isDone {
            guard let chain = try queue.pop() else { return false }
            let count = Int(min(chain.writableCount, Self.limit))
            var bytes: [UInt8] = []
            while bytes.count < count { bytes += source().littleEndianBytes.prefix(count - bytes.count) }
            guard queue.dma.scatter(bytes, into: chain.writable) else {
                throw VirtioFault("a buffer for entropy outside RAM")
            }
            try queue.push(chain, written: UInt64(count))
            work.take(chain)
        }
        return true
    }
}
