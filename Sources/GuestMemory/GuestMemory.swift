package import GuestAddresses

/// The machine's memory: RAM and flash, by guest-physical address.
///
/// The boot loader, the devices and the debugger use it. The guest's own accesses go to the regions' host memory, or to
/// the bus where no region is.
package final class GuestMemory {
    /// In the order of their addresses; none overlaps another.
    package private(set) var regions: [MemoryRegion] = []

    /// Called when a region's `isDirect` has changed, so that an accelerator maps the regions again.
    package var onChange: (() -> Void)?

    var observers: [(Range<PhysicalAddress>, MemoryWriter) -> Void] = []

    package init() {}

    /// Adds a region of zeroed (RAM) or erased (flash) memory.
    @discardableResult
    package func addRegion(
        name: String, kind: MemoryRegion.Kind, base: PhysicalAddress, size: UInt64
    ) throws(RegionError) -> MemoryRegion {
        guard size > 0, size % 4096 == 0, base.isAligned(to: 4096) else {
            throw RegionError(.misaligned, name: name, base: base, size: size)
        }
        guard base.addingReportingOverflow(size).overflow == false else {
            throw RegionError(.endsAboveAddressSpace, name: name, base: base, size: size)
        }
        if let other = regions.first(where: { $0.base < base + size && base < $0.end }) {
            throw RegionError(.overlaps(other.name, at: other.base), name: name, base: base, size: size)
        }
        let region = try MemoryRegion(name: name, kind: kind, base: base, size: size)
        let index = regions.firstIndex { $0.base > base } ?? regions.count
        regions.insert(region, at: index)
        return region
    }

    /// The region that holds the address.
    package func region(at address: PhysicalAddress) -> MemoryRegion? {
        regions.first { $0.contains(address) }
    }

    /// How many bytes from the address on are memory, at most `count`.
    package func available(at address: PhysicalAddress, count: Int) -> Int {
        var (reached, left) = (address, UInt64(max(count, 0)))
        while left > 0, let region = region(at: reached) {
            let part = min(left, region.end - reached)
            reached += part
            left -= part
        }
        return Int(reached - address)
    }

    /// Reads `count` bytes, all of which must be memory.
    package func read(_ address: PhysicalAddress, count: Int) throws(MemoryError) -> [UInt8] {
        guard count >= 0, available(at: address, count: count) == count else {
            throw MemoryError(address: address, count: count)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var (reached, left) = (address, UInt64(count))
        while left > 0, let region = region(at: reached) {
            let part = min(left, region.end - reached)
            region.read(reached, count: part, appendingTo: &bytes)
            reached += part
            left -= part
        }
        return bytes
    }

    /// Reads a little-endian number; nil if it is not in one region.
    package func load<Value: FixedWidthInteger & BitwiseCopyable>(
        _ address: PhysicalAddress, as _: Value.Type = Value.self
    ) -> Value? {
        let size = UInt64(MemoryLayout<Value>.size)
        guard let region = region(at: address), size <= region.end - address else { return nil }
        return region.load(at: address)
    }

    /// Says whether reads of a region may go straight to its memory.
    package func setDirect(_ isDirect: Bool, _ region: MemoryRegion) {
        guard region.isDirect != isDirect else { return }
        region.isDirect = isDirect
        onChange?()
    }
}

/// A physical range that is not all memory.
package struct MemoryError: Error, Equatable, Sendable {
    package var address: PhysicalAddress
    package var count: Int

    package init(address: PhysicalAddress, count: Int) {
        self.address = address
        self.count = count
    }
}
