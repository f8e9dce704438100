import ByteOrder
import GuestAddresses
package import GuestMemory

/// The MMIO transport of a virtio device, with its registers on the bus.
///
/// After an error of the driver, the device sets DEVICE_NEEDS_RESET and ignores its queues until the driver resets it.
/// OASIS, VIRTIO 1.2, section 4.2, version 2 of the register layout.
package final class VirtioMMIO: Device, Stateful {
    /// The device-specific part.
    package let device: any VirtioDevice
    /// The device's name.
    package var name: String { device.name }

    private let vendor: UInt32
    private let interrupt: InterruptLine
    private let dma: GuestDMA
    /// The state that snapshots save.
    package private(set) var state: State
    /// Whether a queue has unfinished work for the next ``poll()``.
    package var hasWorkLeft: Bool { state.hasWorkLeft }
    /// The driver's error since the last reset, if any.
    package var fault: VirtioFault? { state.fault }

    /// The transport's state; the device-specific part has its own.
    package struct State: Equatable, Sendable {
        var deviceFeaturesSelect: UInt32 = 0
        var driverFeaturesSelect: UInt32 = 0
        var driverFeatures: UInt64 = 0
        var queueSelect: UInt32 = 0
        var interruptStatus: UInt32 = 0
        var status: UInt32 = 0
        var queues: [Virtqueue.State]
        var hasWorkLeft = false
        var fault: VirtioFault?

        init(queueCount: Int) {
            queues = Array(repeating: Virtqueue.State(), count: queueCount)
        }
    }

    private enum Register {
        static let magic: UInt64 = 0x000
        static let version: UInt64 = 0x004
        static let deviceID: UInt64 = 0x008
        static let vendorID: UInt64 = 0x00C
        static let deviceFeatures: UInt64 = 0x010
        static let deviceFeaturesSelect: UInt64 = 0x014
        static let driverFeatures: UInt64 = 0x020
        static let driverFeaturesSelect: UInt64 = 0x024
        static let queueSelect: UInt64 = 0x030
        static let queueSizeMaximum: UInt64 = 0x034
        static let queueSize: UInt64 = 0x038
        static let queueReady: UInt64 = 0x044
        static let queueNotify: UInt64 = 0x050
        static let interruptStatus: UInt64 = 0x060
        static let interruptACK: UInt64 = 0x064
        static let status: UInt64 = 0x070
        static let queueDescriptors: UInt64 = 0x080
        static let queueDriver: UInt64 = 0x090
        static let queueDevice: UInt64 = 0x0A0
        static let sharedMemory: ClosedRange<UInt64> = 0x0B0...0x0BC
        static let configuration: UInt64 = 0x100
    }

    /// Bits of Status.
    private enum Status {
        static let driverOK: UInt32 = 4
        static let featuresOK: UInt32 = 8
        static let needsReset: UInt32 = 64
    }

    /// Bits of InterruptStatus.
    private enum Event {
        static let usedBuffer: UInt32 = 1
        static let configurationChange: UInt32 = 2
    }

    /// Makes the transport of `device`, with access to guest memory through `dma`.
    package init(_ device: any VirtioDevice, vendor: UInt32, dma: GuestDMA, interrupt: @escaping InterruptLine) {
        self.device = device
        self.vendor = vendor
        self.interrupt = interrupt
        self.dma = dma
        state = State(queueCount: device.queueCount)
    }

    /// Resets the transport and the device.
    package func reset() {
        state = State(queueCount: device.queueCount)
        device.reset()
        interrupt(false)
    }

    /// Replaces the transport's state and sets the interrupt line to match.
    package func restore(_ state: State) {
        self.state = state
        interrupt(state.interruptStatus != 0)
    }

    private var offered: UInt64 { device.features | VirtioFeature.ofTransport }

    private var isLive: Bool { state.status & Status.driverOK != 0 && state.status & Status.needsReset == 0 }

    /// The queue selected by QueueSel, if it exists.
    private var selected: Int? {
        Int(exactly: state.queueSelect).flatMap { state.queues.indices.contains($0) ? $0 : nil }
    }

    // MARK: Queues

    /// Continues unfinished work, or passes input from the host to the guest.
    package func poll() {
        guard isLive else { return }
        if state.hasWorkLeft {
            state.hasWorkLeft = false
            for index in state.queues.indices { serve(index) }
        } else if let index = device.inputQueue {
            serve(index)
        }
    }

    private func serve(_ index: Int) {
        guard isLive, state.queues[index].isReady else { return }
        // A copy, because the device may call code that accesses this transport.
        var queue = Virtqueue(dma, state.queues[index])
        do throws(VirtioFault) {
            let isLeft = try device.serve(&queue, index: index, features: state.driverFeatures)
            let interrupts = try queue.takeInterrupt()
            state.queues[index] = queue.state
            if isLeft { state.hasWorkLeft = true }
            if interrupts { raise(Event.usedBuffer) }
        } catch {
            fail(error)
        }
    }

    private func fail(_ fault: VirtioFault) {
        state.fault = fault
        state.hasWorkLeft = false
        state.status |= Status.needsReset
        if state.status & Status.driverOK != 0 { raise(Event.configurationChange) }
    }

    /// Sets bits of InterruptStatus and raises the interrupt.
    ///
    /// Drivers read InterruptStatus, acknowledge what they read, and then check all queues. A used buffer before the
    /// acknowledgment is found by that check, and one after it makes a new edge.
    private func raise(_ event: UInt32) {
        state.interruptStatus |= event
        interrupt(true)
    }

    private func acknowledge(_ events: UInt32) {
        state.interruptStatus &= ~events
        interrupt(false)
        // An event that remains must make another edge for an edge-triggered input.
        if state.interruptStatus != 0 { interrupt(true) }
    }

    // MARK: Registers

    /// Reads a register or the configuration space.
    package func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        if offset >= Register.configuration { return configuration(offset - Register.configuration, size: size) }
        // Section 4.2.2.2: drivers must use aligned accesses of 32 bits only.
        guard size == 4, offset % 4 == 0 else { return 0 }
        return UInt64(read(offset))
    }

    private func configuration(_ offset: UInt64, size: Int) -> UInt64 {
        UInt64(littleEndianBytes: device.configuration.dropFirst(Int(offset)).prefix(size))
    }

    private func read(_ offset: UInt64) -> UInt32 {
        switch offset {
        case Register.magic: 0x7472_6976  // "virt"
        case Register.version: 2
        case Register.deviceID: device.deviceID
        case Register.vendorID: vendor
        case Register.deviceFeatures: Self.half(offered, state.deviceFeaturesSelect)
        case Register.queueSizeMaximum: selected == nil ? 0 : Virtqueue.maximumSize
        case Register.queueReady: selected.map { state.queues[$0].isReady } == true ? 1 : 0
        case Register.interruptStatus: state.interruptStatus
        case Register.status: state.status
        case Register.sharedMemory: ~0  // There is none.
        default: 0
        }
    }

    private static func half(_ value: UInt64, _ select: UInt32) -> UInt32 {
        select > 1 ? 0 : UInt32(truncatingIfNeeded: value >> (32 * UInt64(select)))
    }

    /// Writes a register; writes of configuration fields are ignored, because all are read-only.
    package func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) {
        guard size == 4, offset % 4 == 0, offset < Register.configuration else { return }
        write(offset, UInt32(truncatingIfNeeded: value))
    }

    private func write(_ offset: UInt64, _ value: UInt32) {
        switch offset {
        case Register.deviceFeaturesSelect: state.deviceFeaturesSelect = value
        case Register.driverFeaturesSelect: state.driverFeaturesSelect = value
        case Register.driverFeatures: writeDriverFeatures(value)
        case Register.queueSelect: state.queueSelect = value
        case Register.queueNotify:
            if let index = Int(exactly: value), state.queues.indices.contains(index) { serve(index) }
        case Register.interruptACK: acknowledge(value)
        case Register.status: writeStatus(value)
        case Register.queueReady: writeReady(value)
        default: writeQueue(offset, value)
        }
    }

    private func writeDriverFeatures(_ value: UInt32) {
        guard state.status & Status.featuresOK == 0, state.driverFeaturesSelect <= 1 else { return }
        let shift = 32 * UInt64(state.driverFeaturesSelect)
        state.driverFeatures = state.driverFeatures & ~(0xFFFF_FFFF << shift) | UInt64(value) << shift
    }

    private func writeStatus(_ value: UInt32) {
        guard value != 0 else { return reset() }
        var accepted = value & 0xFF & ~Status.needsReset | state.status
        if state.status & Status.featuresOK == 0 {
            let isPossible =
                state.driverFeatures & ~offered == 0 && state.driverFeatures & VirtioFeature.version1 != 0
            if !isPossible { accepted &= ~Status.featuresOK }
        }
        if accepted & Status.featuresOK == 0 { accepted &= ~Status.driverOK }
        let isStart = accepted & ~state.status & Status.driverOK != 0
        state.status = accepted
        // Some drivers make buffers available before they set DRIVER_OK.
        if isStart { for index in state.queues.indices { serve(index) } }
    }

    private func writeReady(_ value: UInt32) {
        guard let index = selected, state.status & Status.needsReset == 0 else { return }
        guard value & 1 != 0 else {
            device.stop(queue: index)
            state.queues[index].stop()
            return
        }
        do throws(VirtioFault) {
            var queue = Virtqueue(dma, state.queues[index])
            try queue.start(features: state.driverFeatures)
            state.queues[index] = queue.state
        } catch {
            fail(error)
        }
    }

    /// Writes the size or an address of the selected queue, which do not change while the queue is ready.
    private func writeQueue(_ offset: UInt64, _ value: UInt32) {
        guard let index = selected, !state.queues[index].isReady else { return }
        switch offset {
        case Register.queueSize: state.queues[index].size = value
        case Register.queueDescriptors, Register.queueDescriptors + 4:
            Self.set(&state.queues[index].descriptors, offset, value)
        case Register.queueDriver, Register.queueDriver + 4: Self.set(&state.queues[index].available, offset, value)
        case Register.queueDevice, Register.queueDevice + 4: Self.set(&state.queues[index].used, offset, value)
        default: return
        }
    }

    /// Writes half of an address: the lower half at an offset that is a multiple of 8, the upper half 4 bytes after it.
    private static func set(_ address: inout PhysicalAddress, _ offset: UInt64, _ value: UInt32) {
        let shift = offset & 4 != 0 ? 32 : 0
        address = PhysicalAddress(address.rawValue & ~(0xFFFF_FFFF << shift) | UInt64(value) << shift)
    }
}
