import GuestAddresses
import GuestMemory
import Machine

/// The driver's side of a virtio device, in RAM and registers of its own.
final class VirtioDriver {
    static let ramBase: UInt64 = 0x8000_0000
    /// The address after the rings of two queues.
    static let buffers = ramBase + 0x8000
    /// The features every test's driver accepts unless it says otherwise: VERSION_1 alone.
    static let version1: UInt64 = 1 << 32
    static let eventIndex: UInt64 = 1 << 29
    static let indirect: UInt64 = 1 << 28

    let memory = GuestMemory()
    let dma: GuestDMA
    let transport: VirtioMMIO
    /// The interrupt's level, and how often it has risen.
    private(set) var line = false
    private(set) var edges = 0
    /// The ranges that the device has reported as written.
    var written: [Range<UInt64>] = []

    private var queues: [Int: Queue] = [:]
    private var free = VirtioDriver.buffers

    private struct Queue {
        var size: UInt16
        var nextDescriptor: UInt16 = 0
        var available: UInt16 = 0
        var used: UInt16 = 0
    }

    struct Request {
        var head: UInt16
        /// Where the device's answer goes.
        var writable: [UInt64]
    }

    init(_ device: any VirtioDevice, ramSize: UInt64 = 1 << 20) throws {
        try memory.addRegion(name: "flash", kind: .flash, base: 0, size: 0x1000)
        try memory.addRegion(name: "RAM", kind: .ram, base: PhysicalAddress(Self.ramBase), size: ramSize)
        dma = GuestDMA(memory)
        let wire = Wire()
        transport = VirtioMMIO(device, vendor: 0x4D56_4B4C, dma: dma) { wire.set($0) }
        wire.set = { [unowned self] level in
            if level && !line { edges += 1 }
            line = level
        }
        memory.observeWrites { [unowned self] range, writer in if writer == .device { written.append(range.rawValues) }
        }
    }

    private final class Wire {
        var set: (Bool) -> Void = { _ in }
    }

    /// A driver that has done everything up to DRIVER_OK.
    static func ready(
        _ device: any VirtioDevice, features: UInt64 = version1, size: UInt16 = 8
    ) throws -> VirtioDriver {
        let driver = try VirtioDriver(device)
        driver.negotiate(features)
        for queue in 0..<device.queueCount { driver.setUp(queue, size: size) }
        driver[0x70] = 15
        return driver
    }

    /// A register.
    subscript(offset: UInt64) -> UInt32 {
        get { UInt32(transport.read(offset: offset, size: 4, vcpu: 0)) }
        set { transport.write(offset: offset, size: 4, value: UInt64(newValue), vcpu: 0) }
    }

    func negotiate(_ features: UInt64) {
        self[0x70] = 0
        self[0x70] = 1
        self[0x70] = 3
        for half in 0..<2 as Range<UInt32> {
            self[0x24] = half
            self[0x20] = UInt32(truncatingIfNeeded: features >> (32 * UInt64(half)))
        }
        self[0x70] = 11
    }

    static func base(_ queue: Int) -> UInt64 { ramBase + UInt64(queue) * 0x4000 }
    static func available(_ queue: Int) -> UInt64 { base(queue) + 0x1000 }
    static func used(_ queue: Int) -> UInt64 { base(queue) + 0x2000 }

    func setUp(_ queue: Int, size: UInt16) {
        clear(Self.base(queue), count: 0x4000)
        queues[queue] = Queue(size: size)
        self[0x30] = UInt32(queue)
        self[0x38] = UInt32(size)
        setAddress(0x80, Self.base(queue))
        setAddress(0x90, Self.available(queue))
        setAddress(0xA0, Self.used(queue))
        self[0x44] = 1
    }

    func setAddress(_ register: UInt64, _ address: UInt64) {
        self[register] = UInt32(truncatingIfNeeded: address)
        self[register + 4] = UInt32(truncatingIfNeeded: address >> 32)
    }

    // MARK: Memory

    func put<Value: FixedWidthInteger>(_ value: Value, at address: UInt64) {
        try? memory.write(PhysicalAddress(address), withUnsafeBytes(of: value.littleEndian) { Array($0) })
    }

    func get<Value: FixedWidthInteger>(_ address: UInt64, as _: Value.Type = Value.self) -> Value {
        bytes(address, count: MemoryLayout<Value>.size).reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }

    func bytes(_ address: UInt64, count: Int) -> [UInt8] {
        (try? memory.read(PhysicalAddress(address), count: count)) ?? []
    }

    private func clear(_ address: UInt64, count: Int) {
        try? memory.write(PhysicalAddress(address), [UInt8](repeating: 0, count: count))
    }

    /// Makes all buffers available again.
    func release() { free = Self.buffers }

    func allocate(_ count: Int) -> UInt64 {
        defer { free += UInt64(count + 15) & ~15 }
        return free
    }

    func descriptor(
        _ table: UInt64, _ index: UInt16, _ address: UInt64, _ count: UInt32, _ flags: UInt16, _ next: UInt16
    ) {
        let place = table + 16 * UInt64(index)
        put(address, at: place)
        put(count, at: place + 8)
        put(flags, at: place + 12)
        put(next, at: place + 14)
    }

    // MARK: Requests

    /// Makes a request available, without a notification.
    @discardableResult
    func add(_ queue: Int, readable: [[UInt8]] = [], writable: [Int] = [], indirect: Bool = false) -> Request {
        var parts: [(address: UInt64, count: Int, flags: UInt16)] = []
        for bytes in readable {
            let address = allocate(bytes.count)
            try? memory.write(PhysicalAddress(address), bytes)
            parts.append((address, bytes.count, 0))
        }
        for count in writable {
            let address = allocate(count)
            parts.append((address, count, 2))
        }
        let size = queues[queue]?.size ?? 1
        let first = queues[queue]?.nextDescriptor ?? 0
        let table = indirect ? allocate(16 * parts.count) : Self.base(queue)
        for (index, part) in parts.enumerated() {
            let (place, next) =
                indirect
                ? (UInt16(index), UInt16(index + 1))
                : ((first + UInt16(index)) % size, (first + UInt16(index) + 1) % size)
            let flags = part.flags | (index + 1 < parts.count ? 1 : 0)
            descriptor(table, place, part.address, UInt32(part.count), flags, next)
        }
        if indirect { descriptor(Self.base(queue), first, table, UInt32(16 * parts.count), 4, 0) }
        queues[queue]?.nextDescriptor = (first + UInt16(indirect ? 1 : parts.count)) % size
        makeAvailable(queue, head: first)
        return Request(head: first, writable: parts.filter { $0.flags == 2 }.map(\.address))
    }

    func makeAvailable(_ queue: Int, head: UInt16) {
        let index = queues[queue]?.available ?? 0
        put(head, at: Self.available(queue) + 4 + 2 * UInt64(index % (queues[queue]?.size ?? 1)))
        queues[queue]?.available = index &+ 1
        put(index &+ 1, at: Self.available(queue) + 2)
    }

    func notify(_ queue: Int) { self[0x50] = UInt32(queue) }

    /// The next entry of the used ring.
    func takeUsed(_ queue: Int) -> (head: UInt32, written: UInt32)? {
        let index = queues[queue]?.used ?? 0
        guard get(Self.used(queue) + 2, as: UInt16.self) != index else { return nil }
        queues[queue]?.used = index &+ 1
        let place = Self.used(queue) + 4 + 8 * UInt64(index % (queues[queue]?.size ?? 1))
        return (get(place), get(place + 4))
    }

    /// Reads the status and acknowledges what it has read, as Linux's interrupt handler does.
    func acknowledge() -> UInt32 {
        let status = self[0x60]
        self[0x64] = status
        return status
    }
}
