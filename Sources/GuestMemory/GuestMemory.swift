/// The machine's memory: RAM and flash, by guest-physical address.
///
/// It is what the boot loader, the devices and the debugger use. The guest's own accesses go to the regions'
/// host pointers, or to the bus where no region is.
package final class GuestMemory {
    /// In the order of their addresses; none overlaps another.
    package private(set) var regions: [MemoryRegion] = []

    /// Called when a region's `isDirect` has changed: whoever has mapped the regions must look again.
    package var onChange: (() -> Void)?

    var observers: [(Range<UInt64>, MemoryWriter) -> Void] = []

    package init() {}

    /// Adds a region of zeroed (RAM) or erased (flash) memory.
    @discardableResult
    package func addRegion(
        name: String, kind: MemoryRegion.Kind, base: UInt64, size: UInt64
    ) throws(RegionError) -> MemoryRegion {
        guard size > 0, size % 4096 == 0, base % 4096 == 0 else {
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
    package func region(at address: UInt64) -> MemoryRegion? {
        regions.first { address >= $0.base && address - $0.base < $0.size }
    }

    /// How many bytes from the address on are memory, at most `count`.
    package func available(at address: UInt64, count: Int) -> Int {
        var (reached, left) = (address, UInt64(max(count, 0)))
        while left > 0, let region = region(at: reached) {
            let part = min(left, region.end - reached)
            reached += part
            left -= part
        }
        return Int(reached - address)
    }

    /// Reads `count` bytes, all of which must be memory.
    package func read(_ address: UInt64, count: Int) throws(MemoryError) -> [UInt8] {
        guard count >= 0, available(at: address, count: count) == count else {
            throw MemoryError(address: address, count: count)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var (reached, left) = (address, count)
        while left > 0, let region = region(at: reached) {
            let part = Int(min(UInt64(left), region.end - reached))
            // SAFETY: `part` bytes from here lie within the region.
            bytes += UnsafeRawBufferPointer(start: region.host + Int(reached - region.base), count: part)
            reached += UInt64(part)
            left -= part
        }
        return bytes
    }

    /// Writes the bytes, all of which must go to memory; when it throws, nothing has changed.
    ///
    /// Flash is written as a programmer's cable would: no commands, no erase.
    package func write(
        _ address: UInt64, _ bytes: [UInt8], by writer: MemoryWriter = .host
    ) throws(MemoryError) {
        guard available(at: address, count: bytes.count) == bytes.count else {
            throw MemoryError(address: address, count: bytes.count)
        }
        bytes.withUnsafeBytes { source in
            var (reached, rest) = (address, source[...])
            while !rest.isEmpty, let region = region(at: reached) {
                let part = Int(min(UInt64(rest.count), region.end - reached))
                // SAFETY: `part` bytes from here lie within the region.
                UnsafeMutableRawBufferPointer(start: region.host + Int(reached - region.base), count: part)
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest.prefix(part)))
                reached += UInt64(part)
                rest = rest.dropFirst(part)
            }
        }
        wasWritten(address..<address + UInt64(bytes.count), by: writer)
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
    package var address: UInt64
    package var count: Int

    package init(address: UInt64, count: Int) {
        self.address = address
        self.count = count
    }
}
