/// How devices get at guest RAM: every range is checked, and the memory's observers learn what was written.
///
/// Addresses and lengths come from the guest. What is not RAM as a whole (flash, devices, the end of RAM) is refused, so a
/// device never reaches outside the guest nor another device.
package final class GuestDMA {
    private let memory: GuestMemory
    private let regions: [MemoryRegion]

    /// - Parameter memory: has all its RAM by now.
    package init(_ memory: GuestMemory) {
        self.memory = memory
        regions = memory.regions.filter { $0.kind == .ram }
    }

    /// Whether the range is RAM; a range without bytes has to begin in RAM.
    package func holds(_ address: UInt64, count: UInt64) -> Bool {
        host(address, count: count) != nil
    }

    /// The memory of a range that lies in one region of RAM.
    private func host(_ address: UInt64, count: UInt64) -> UnsafeMutableRawBufferPointer? {
        for region in regions where address >= region.base && address - region.base < region.size {
            let offset = address - region.base
            guard count <= region.size - offset else { return nil }
            // SAFETY: the range lies within the region, which lives as long as `regions` holds it.
            return UnsafeMutableRawBufferPointer(start: region.host + Int(offset), count: Int(count))
        }
        return nil
    }

    /// Reads a little-endian number; nil outside RAM.
    package func load<Value: FixedWidthInteger>(_ address: UInt64, as _: Value.Type = Value.self) -> Value? {
        host(address, count: UInt64(MemoryLayout<Value>.size)).map {
            Value(littleEndian: UnsafeRawBufferPointer($0).loadUnaligned(as: Value.self))
        }
    }

    /// Writes a little-endian number; false outside RAM.
    package func store<Value: FixedWidthInteger>(_ value: Value, at address: UInt64) -> Bool {
        let size = UInt64(MemoryLayout<Value>.size)
        guard let host = host(address, count: size) else { return false }
        host.storeBytes(of: value.littleEndian, as: Value.self)
        memory.wasWritten(address..<address + size, by: .device)
        return true
    }

    /// Lends the range for reading; nil outside RAM.
    package func read<Result>(
        _ address: UInt64, count: UInt64, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        host(address, count: count).map { body(UnsafeRawBufferPointer($0)) }
    }

    /// Lends the range for writing, and tells that it was written; nil outside RAM.
    package func write<Result>(
        _ address: UInt64, count: UInt64, _ body: (UnsafeMutableRawBufferPointer) -> Result
    ) -> Result? {
        guard let host = host(address, count: count) else { return nil }
        defer { memory.wasWritten(address..<address + count, by: .device) }
        return body(host)
    }
}
