/// The device-specific part of a virtio device, as opposed to its transport.
///
/// One queue is handled at a time, and ``serve(_:index:features:)`` is not called again before it returns. OASIS,
/// "Virtual I/O Device (VIRTIO) Version 1.2", chapter 5.
package protocol VirtioDevice: Stateful {
    /// The device's name for the user.
    var name: String { get }
    /// The device ID of section 5, which the transport's DeviceID register reads as.
    var deviceID: UInt32 { get }
    /// The device-specific feature bits; the transport adds those of the rings.
    var features: UInt64 { get }
    /// The number of queues.
    var queueCount: Int { get }
    /// The configuration space, little-endian.
    ///
    /// It is read-only and never changes.
    var configuration: [UInt8] { get }
    /// The index of the queue whose buffers receive input from the host; polled when there may be input.
    var inputQueue: Int? { get }

    /// Processes requests of a queue as far as ``VirtioWork/limit`` allows; true if some may be left for another call.
    ///
    /// A guest must not be able to delay the stopping of its vCPUs with large requests. A request that is too large for
    /// one call continues in the next.
    ///
    /// - Parameter features: The feature bits that the driver has accepted.
    func serve(_ queue: inout Virtqueue, index: Int, features: UInt64) throws(VirtioFault) -> Bool
    /// Resets the device for the driver.
    func reset()
    /// Drops the unfinished request of a queue that the driver has stopped.
    func stop(queue: Int)
}

extension VirtioDevice {
    /// By default, no queue receives input.
    package var inputQueue: Int? { nil }
    /// By default, does nothing.
    package func reset() {}
    /// By default, does nothing.
    package func stop(queue: Int) {}
}

/// The amount of work a device may still do in one call, in bytes moved.
struct VirtioWork {
    /// The default amount, which a slow disk moves in a few milliseconds.
    static let limit: UInt64 = 1 << 20
    /// The cost of the smallest request, and that of each of its descriptors, which must be read.
    private static let requestCost: UInt64 = 4096
    private static let segmentCost: UInt64 = 128

    private(set) var left: UInt64

    init(limit: UInt64 = VirtioWork.limit) { left = limit }

    var isDone: Bool { left == 0 }

    /// Subtracts work that was done.
    mutating func spend(_ bytes: UInt64) { left -= min(bytes, left) }

    /// Subtracts the cost of a chain that was taken.
    mutating func take(_ chain: DescriptorChain) {
        spend(Self.requestCost + Self.segmentCost * UInt64(chain.readable.count + chain.writable.count))
    }
}

/// An error of the driver, after which the device does nothing until it is reset.
package struct VirtioFault: Error, Equatable, Sendable {
    /// The error as text for the user.
    package var reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// Device-independent feature bits of section 6.
enum VirtioFeature {
    static let indirectDescriptors: UInt64 = 1 << 28
    static let eventIndex: UInt64 = 1 << 29
    static let version1: UInt64 = 1 << 32

    /// The bits that the transport offers in addition to the device's.
    static let ofTransport = indirectDescriptors | eventIndex | version1
}
