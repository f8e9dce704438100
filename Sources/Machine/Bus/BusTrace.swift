package import GuestAddresses

/// A ring buffer of the last accesses to devices, for a debugger.
package final class BusTrace {
    /// The direction of an access.
    package enum Direction: String, Sendable {
        /// The guest reads from or writes to a device.
        case read, write
    }

    /// An access to a device, or to an address without one.
    package struct Access: Equatable, Sendable {
        /// Whether the access is a read or a write.
        package var direction: Direction
        /// The first address.
        package var address: PhysicalAddress
        /// The size in bytes.
        package var size: Int
        /// The value that was read or written; nil for a read at an address without a device.
        package var value: UInt64?
        /// The vCPU that made the access.
        package var vcpu: Int
        /// The device's name; nil where no device is, which is an external abort for the guest.
        package var device: String?

        package init(
            direction: Direction, address: PhysicalAddress, size: Int, value: UInt64?, vcpu: Int, device: String?
        ) {
            self.direction = direction
            self.address = address
            self.size = size
            self.value = value
            self.vcpu = vcpu
            self.device = device
        }
    }

    /// The most accesses that are kept; the oldest are dropped first.
    package let capacity: Int
    /// The number of accesses since the trace was last emptied, dropped ones included.
    package private(set) var total: UInt64 = 0
    private var ring: [Access] = []
    /// The index of the oldest access once the ring is full.
    private var oldest = 0

    /// An empty trace.
    ///
    /// - Parameter capacity: The most accesses that are kept; at least 1.
    package init(capacity: Int = 4096) {
        self.capacity = max(capacity, 1)
    }

    func note(
        _ direction: Direction, _ address: PhysicalAddress, size: Int, value: UInt64?, vcpu: Int, device: (any Device)?
    ) {
        let access = Access(
            direction: direction, address: address, size: size, value: value, vcpu: vcpu, device: device?.name)
        total &+= 1
        if ring.count < capacity {
            ring.append(access)
        } else {
            ring[oldest] = access
            oldest = (oldest + 1) % capacity
        }
    }

    /// Returns the recorded accesses, oldest first, with the number of dropped ones, and empties the trace.
    package func take() -> (accesses: [Access], lost: UInt64) {
        let accesses = Array(ring[oldest...] + ring[..<oldest])
        let lost = total - UInt64(accesses.count)
        (ring, oldest, total) = ([], 0, 0)
        return (accesses, lost)
    }
}
