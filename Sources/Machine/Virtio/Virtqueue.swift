import GuestAddresses
package import GuestMemory
import NumberText
import Synchronization

/// A split virtqueue: descriptor table, available ring and used ring in guest RAM.
///
/// The guest can change the rings at any time, so each index and address is checked every time it is read. OASIS,
/// VIRTIO 1.2, section 2.7.
package struct Virtqueue {
    /// The maximum queue size, in descriptors.
    package static let maximumSize: UInt32 = 256

    /// Access to guest memory.
    package let dma: GuestDMA
    var state: State

    /// The queue's registers and positions.
    package struct State: Equatable, Sendable {
        // Registers that the driver writes before it makes the queue ready.
        var size: UInt32 = Virtqueue.maximumSize
        var descriptors: PhysicalAddress = 0
        var available: PhysicalAddress = 0
        var used: PhysicalAddress = 0

        fileprivate(set) var isReady = false
        fileprivate var hasIndirect = false
        fileprivate var hasEventIndex = false
        /// The index of the next entry in the available ring.
        fileprivate var next: UInt16 = 0
        /// The index of the next entry in the used ring.
        fileprivate var usedIndex: UInt16 = 0
        /// The value of `usedIndex` at the last interrupt of the driver.
        fileprivate var notifiedIndex: UInt16 = 0

        init() {}

        mutating func stop() {
            isReady = false
        }
    }

    init(_ dma: GuestDMA, _ state: State) {
        self.dma = dma
        self.state = state
    }

    /// Makes the queue ready; throws if its size or its rings are invalid.
    mutating func start(features: UInt64) throws(VirtioFault) {
        guard !state.isReady else { return }
        guard state.size > 0, state.size <= Self.maximumSize, state.size & (state.size - 1) == 0 else {
            throw VirtioFault("a queue of size \(state.size)")
        }
        state.hasIndirect = features & VirtioFeature.indirectDescriptors != 0
        state.hasEventIndex = features & VirtioFeature.eventIndex != 0
        let count = UInt64(state.size)
        // Each ring ends with an event index, whether VIRTIO_F_EVENT_IDX is accepted or not.
        let parts: [(name: String, address: PhysicalAddress, size: UInt64, alignment: UInt64)] = [
            ("descriptor table", state.descriptors, 16 * count, 16),
            ("available ring", state.available, 6 + 2 * count, 2),
            ("used ring", state.used, 6 + 8 * count, 4),
        ]
        for part in parts {
            guard part.address.isAligned(to: part.alignment), dma.holds(part.address, count: part.size) else {
                throw VirtioFault("the \(part.name) at \(hexadecimal(part.address)): not aligned or not in RAM")
            }
        }
        (state.next, state.usedIndex, state.notifiedIndex) = (0, 0, 0)
        state.isReady = true
    }

    /// Whether the driver has made a chain available that has not been taken.
    package var hasAvailable: Bool {
        get throws(VirtioFault) {
            guard state.isReady else { return false }
            let count = try availableIndex() &- state.next
            guard count <= state.size else {
                throw VirtioFault("\(count) chains available in a queue of \(state.size)")
            }
            // Orders the reads: the driver writes the ring's entry before its index.
            if count > 0 { Self.order() }
            return count > 0
        }
    }

    /// Takes the next chain; nil if there is none, after asking the driver to notify the device of the next one.
    package mutating func pop() throws(VirtioFault) -> DescriptorChain? {
        if try !hasAvailable {
            guard state.isReady, state.hasEventIndex else { return nil }
            try store(state.next, at: state.used &+ 4 &+ 8 * UInt64(state.size))
            Self.order()
            // A chain may have become available before the driver could see the request for a notification.
            guard try hasAvailable else { return nil }
        }
        let head: UInt16 = try load(state.available &+ 4 &+ 2 * UInt64(UInt32(state.next) % state.size))
        let chain = try DescriptorWalk.chain(
            head: head, table: state.descriptors, size: UInt16(state.size), hasIndirect: state.hasIndirect, dma: dma)
        state.next &+= 1
        return chain
    }

    /// Undoes the last `pop` of a chain that was not used.
    package mutating func putBack() {
        state.next &-= 1
    }

    /// Returns a chain to the driver.
    ///
    /// - Parameter written: The number of bytes written to its writable part.
    package mutating func push(_ chain: DescriptorChain, written: UInt64) throws(VirtioFault) {
        let entry = state.used &+ 4 &+ 8 * UInt64(UInt32(state.usedIndex) % state.size)
        try store(UInt32(chain.head), at: entry)
        try store(UInt32(clamping: written), at: entry &+ 4)
        state.usedIndex &+= 1
        Self.order()
        try store(state.usedIndex, at: state.used &+ 2)
    }

    /// Whether the driver wants an interrupt for the chains used since the last one; section 2.7.7.
    mutating func takeInterrupt() throws(VirtioFault) -> Bool {
        guard state.isReady, state.usedIndex != state.notifiedIndex else { return false }
        let before = state.notifiedIndex
        state.notifiedIndex = state.usedIndex
        // With this order, either the driver sees the used entries, or its request for an interrupt is seen here.
        Self.order()
        guard state.hasEventIndex else { return try load(state.available, as: UInt16.self) & 1 == 0 }
        let event: UInt16 = try load(state.available &+ 4 &+ 2 * UInt64(state.size))
        return state.usedIndex &- event &- 1 < state.usedIndex &- before
    }

    /// Orders earlier accesses before later ones, as seen by the guest on another host processor.
    ///
    /// Sections 2.7.13 and 2.7.14, the notes on memory barriers.
    private static func order() {
        atomicMemoryFence(ordering: .sequentiallyConsistent)
    }

    private func availableIndex() throws(VirtioFault) -> UInt16 {
        try load(state.available &+ 2)
    }

    private func load<Value: FixedWidthInteger & BitwiseCopyable>(
        _ address: PhysicalAddress, as _: Value.Type = Value.self
    ) throws(VirtioFault) -> Value {
        guard let value: Value = dma.load(address) else { throw VirtioFault("a ring outside RAM") }
        return value
    }

    private func store<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, at address: PhysicalAddress
    ) throws(VirtioFault) {
        guard dma.store(value, at: address) else { throw VirtioFault("a ring outside RAM") }
    }
}
