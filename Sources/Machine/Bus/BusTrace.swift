package import GuestAddresses

/// The last accesses to devices, for a debugger.
package final class BusTrace {
    package enum Direction: String, Sendable {
        case read, write
    }

    package struct Access: Equatable, Sendable {
        package var direction: Direction
        package var address: PhysicalAddress
        package var size: Int
        /// Nil for a read of nothing.
        package var value: UInt64?
        package var vcpu: Int
        /// Nil where no device is: an external abort.
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

    /// More are not kept: the oldest go first.
    package let capacity: Int
    /// How many there were in all.
    package private(set) var total: UInt64 = 0
    private var ring: [Access] = []
    /// Where the oldest is, once the ring is full.
    private var oldest = 0

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

    /// Returns the recorded accesses, oldest first, and empties the trace.
    package func take() -> (accesses: [Access], lost: UInt64) {
        let accesses = Array(ring[oldest...] + ring[..<oldest])
        let lost = total - UInt64(accesses.count)
        (ring, oldest, total) = ([], 0, 0)
        return (accesses, lost)
    }
}
