package import GuestAddresses

/// How devices get at guest RAM: every range is checked, and the memory's observers are informed of what was written.
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
    package func holds(_ address: PhysicalAddress, count: UInt64) -> Bool {
        region(of: address, count: count) != nil
    }

    /// The region of RAM that holds the whole range.
    private func region(of address: PhysicalAddress, count: UInt64) -> MemoryRegion? {
        for region in regions where region.contains(address) {
            return count <= region.end - address ? region : nil
        }
        return nil
    }

    /// Reads a little-endian number; nil outside RAM.
    package func load<Value: FixedWidthInteger & BitwiseCopyable>(
        _ address: PhysicalAddress, as _: Value.Type = Value.self
    ) -> Value? {
        region(of: address, count: UInt64(MemoryLayout<Value>.size))?.load(at: address)
    }

    /// Writes a little-endian number; false outside RAM.
    package func store<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at address: PhysicalAddress) -> Bool
    {
        let size = UInt64(MemoryLayout<Value>.size)
        guard let region = region(of: address, count: size) else { return false }
        region.store(value, at: address)
        memory.wasWritten(address..<address + size, by: .device)
        return true
    }

    /// Appends the bytes of the range to an array; false outside RAM.
    package func read(_ address: PhysicalAddress, count: UInt64, appendingTo bytes: inout [UInt8]) -> Bool {
        guard let region = region(of: address, count: count) else { return false }
        region.read(address, count: count, appendingTo: &bytes)
        return true
    }

    /// Writes the bytes of a slice; false outside RAM.
    package func write(_ bytes: ArraySlice<UInt8>, at address: PhysicalAddress) -> Bool {
        let count = UInt64(bytes.count)
        guard let region = region(of: address, count: count) else { return false }
        region.write(bytes, at: address)
        memory.wasWritten(address..<address + count, by: .device)
        return true
    }

    /// Lends the range for reading; nil outside RAM.
    package func read<Result>(
        _ address: PhysicalAddress, count: UInt64, _ body: (Span<UInt8>) -> Result
    ) -> Result? {
        region(of: address, count: count)?.modify(address, count: count) { body($0.span) }
    }

    /// Lends the range for writing, and informs the observers; nil outside RAM.
    package func write<Result>(
        _ address: PhysicalAddress, count: UInt64, _ body: (inout MutableSpan<UInt8>) -> Result
    ) -> Result? {
        guard let region = region(of: address, count: count) else { return nil }
        defer { memory.wasWritten(address..<address + count, by: .device) }
        return region.modify(address, count: count, body)
    }
}
