/// A virtio network device without offloads: frames are complete, including checksums.
///
/// OASIS, VIRTIO 1.2, section 5.1.
package final class VirtioNetwork: VirtioDevice {
    /// The device has no state.
    package typealias State = NoState

    /// The device's name.
    package let name = "virtio network"
    /// The device ID: network card.
    package let deviceID: UInt32 = 1
    /// VIRTIO_NET_F_MAC.
    package let features: UInt64 = 1 << 5
    /// The receive and the transmit queue.
    package let queueCount = 2
    /// The receive queue.
    package let inputQueue: Int? = 0

    private let link: any NetworkLink
    private let address: [UInt8]

    /// The default MAC address: that of QEMU's first network card, locally administered.
    package static let defaultAddress: [UInt8] = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56]
    /// The header before each frame: no checksum to complete, no segmentation, one buffer.
    private static let header: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    private static let maximumFrame: UInt64 = 65_550

    /// Makes a network device on a link.
    ///
    /// - Parameter address: The MAC address, six bytes.
    package init(_ link: any NetworkLink, address: [UInt8] = VirtioNetwork.defaultAddress) {
        self.link = link
        self.address = address
    }

    /// The configuration space: the MAC address.
    package var configuration: [UInt8] { address }

    /// Passes frames to the guest (queue 0), or sends its frames (queue 1).
    package func serve(_ queue: inout Virtqueue, index: Int, features: UInt64) throws(VirtioFault) -> Bool {
        index == 0 ? try receive(&queue) : try send(&queue)
    }

    /// Passes frames to the guest.
    ///
    /// Frames without a buffer stay in the link; frames larger than their buffer are dropped.
    private func receive(_ queue: inout Virtqueue) throws(VirtioFault) -> Bool {
        var work = VirtioWork()
        while !work.isDone {
            guard let chain = try queue.pop() else { return false }
            work.take(chain)
            guard let frame = link.receive() else {
                queue.putBack()
                return false
            }
            let bytes = Self.header + frame
            work.spend(UInt64(bytes.count))
            guard UInt64(bytes.count) <= chain.writableCount else {
                queue.putBack()
                continue
            }
            guard queue.dma.scatter(bytes, into: chain.writable) else {
                throw VirtioFault("a buffer for a frame outside RAM")
            }
            try queue.push(chain, written: UInt64(bytes.count))
        }
        return true
    }

    /// Sends frames of the guest; a buffer that does not hold a frame is dropped.
    private func send(_ queue: inout Virtqueue) throws(VirtioFault) -> Bool {
        let headerSize = UInt64(Self.header.count)
        var work = VirtioWork()
        while !work.isDone {
            guard let chain = try queue.pop() else { return false }
            work.take(chain)
            let count = chain.readableCount
            if count > headerSize, count - headerSize <= Self.maximumFrame {
                guard let frame = queue.dma.gather(chain.readable.dropFirst(bytes: headerSize)) else {
                    throw VirtioFault("a frame outside RAM")
                }
                link.send(frame)
                work.spend(count)
            }
            try queue.push(chain, written: 0)
        }
        return true
    }
}
