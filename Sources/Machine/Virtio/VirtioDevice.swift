/// What makes a virtio device a disk or a network card: the part behind the transport.
///
/// OASIS, "Virtual I/O Device (VIRTIO) Version 1.2", chapter 5. Queues are served one at a time, and never from within
/// each other.
package protocol VirtioDevice: Stateful {
    var name: String { get }
    /// What the transport's DeviceID reads as: section 5.
    var deviceID: UInt32 { get }
    /// The device's own feature bits; those of the rings are the transport's.
    var features: UInt64 { get }
    var queueCount: Int { get }
    /// The configuration space, little-endian; read-only, and it never changes.
    var configuration: [UInt8] { get }
    /// The queue whose buffers wait for what comes from outside; looked at whenever something may have come.
    var inputQueue: Int? { get }

    /// Uses what the driver has made available, as far as ``VirtioWork/limit`` allows; true if some may be left, so
    /// that it must be called again.
    ///
    /// A guest must not keep its vCPUs from being stopped, however large its requests: one that is too large for a call
    /// is continued in the next.
    ///
    /// - Parameter features: the bits the driver has accepted.
    func serve(_ queue: inout Virtqueue, index: Int, features: UInt64) throws(VirtioFault) -> Bool
    /// The driver has reset the device.
    func reset()
    /// Drops the unfinished request of a queue that the driver has stopped.
    func stop(queue: Int)
}

extension VirtioDevice {
    package var inputQueue: Int? { nil }
    package func reset() {}
    package func stop(queue: Int) {}
}

/// How much a device does in one call, counted in bytes moved.
struct VirtioWork {
    /// As much as a slow disk moves in some milliseconds.
    static let limit: UInt64 = 1 << 20
    /// The cost of the smallest request, and of each of its descriptors, which must be looked up.
    private static let requestCost: UInt64 = 4096
    private static let segmentCost: UInt64 = 128

    private(set) var left: UInt64

    init(limit: UInt64 = VirtioWork.limit) { left = limit }

    var isDone: Bool { left == 0 }

    /// Counts what was done.
    mutating func spend(_ bytes: UInt64) { left -= min(bytes, left) }

    /// Counts that a chain was taken.
    mutating func take(_ chain: DescriptorChain) {
        spend(Self.requestCost + Self.segmentCost * UInt64(chain.readable.count + chain.writable.count))
    }
}

/// What the driver may not do, and after which the device does nothing until it is reset.
package struct VirtioFault: Error, Equatable, Sendable {
    package var reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// Feature bits of section 6, which are for every device.
enum VirtioFeature {
    static let indirectDescriptors: UInt64 = 1 << 28
    static let eventIndex: UInt64 = 1 << 29
    static let version1: UInt64 = 1 << 32

    /// What the transport adds to the device's own.
    static let ofTransport = indirectDescriptors | eventIndex | version1
}
