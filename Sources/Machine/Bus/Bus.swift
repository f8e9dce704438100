package import GuestAddresses

/// The bus: a decoder from guest-physical addresses to devices.
///
/// Not thread-safe.
package final class Bus {
    /// A device and its range of addresses.
    package struct Mapping {
        /// The first address.
        package let base: PhysicalAddress
        /// The size of the range, in bytes.
        package let size: UInt64
        /// The device that serves the range.
        package let device: any Device
        /// The number of reads since the machine was built.
        package fileprivate(set) var reads: UInt64 = 0
        /// The number of writes since the machine was built.
        package fileprivate(set) var writes: UInt64 = 0
    }

    /// The mappings in the order of their addresses, without overlap.
    package private(set) var mappings: [Mapping] = []
    /// The index of the last mapping that was accessed, tried first because polling loops access the same device again.
    private var last = 0
    /// The trace that records accesses; nil to record none.
    package var trace: BusTrace?

    package init() {}

    /// Adds a device at a range of addresses.
    ///
    /// Throws if the range is empty, ends above the address space, or overlaps another device.
    package func add(_ device: any Device, at base: PhysicalAddress, size: UInt64) throws(MachineError) {
        guard size > 0, base.addingReportingOverflow(size).overflow == false else {
            throw .deviceRange(device: device.name, base: base, size: size)
        }
        if let other = mappings.first(where: { $0.base < base + size && base < $0.base + $0.size }) {
            throw .deviceOverlap(
                device: device.name, base: base, other: other.device.name, otherBase: other.base)
        }
        let index = mappings.firstIndex { $0.base > base } ?? mappings.count
        mappings.insert(Mapping(base: base, size: size, device: device), at: index)
    }

    /// Reads 1, 2, 4 or 8 bytes; returns nil where no device is, which is an external abort for the guest.
    package func read(_ address: PhysicalAddress, size: Int, vcpu: Int) -> UInt64? {
        guard let index = index(address, size: size) else {
            trace?.note(.read, address, size: size, value: nil, vcpu: vcpu, device: nil)
            return nil
        }
        mappings[index].reads &+= 1
        let (base, device) = (mappings[index].base, mappings[index].device)
        let value = device.read(offset: address - base, size: size, vcpu: vcpu) & Self.mask(size)
        trace?.note(.read, address, size: size, value: value, vcpu: vcpu, device: device)
        return value
    }

    /// Writes 1, 2, 4 or 8 bytes; returns false where no device is.
    package func write(_ address: PhysicalAddress, size: Int, value: UInt64, vcpu: Int) -> Bool {
        let value = value & Self.mask(size)
        guard let index = index(address, size: size) else {
            trace?.note(.write, address, size: size, value: value, vcpu: vcpu, device: nil)
            return false
        }
        mappings[index].writes &+= 1
        let (base, device) = (mappings[index].base, mappings[index].device)
        // Recorded before the write, because the device may make accesses of its own.
        trace?.note(.write, address, size: size, value: value, vcpu: vcpu, device: device)
        device.write(offset: address - base, size: size, value: value, vcpu: vcpu)
        return true
    }

    /// Returns the device at an address; nil if there is none.
    package func device(at address: PhysicalAddress) -> (any Device)? {
        index(address, size: 1).map { mappings[$0].device }
    }

    /// The index of the mapping that contains the whole range; nil if none does.
    private func index(_ address: PhysicalAddress, size: Int) -> Int? {
        guard size == 1 || size == 2 || size == 4 || size == 8 else { return nil }
        if last < mappings.count, Self.holds(mappings[last], address, size) { return last }
        // The last mapping that begins at or below the address.
        var (low, high) = (0, mappings.count)
        while low < high {
            let middle = (low + high) / 2
            if mappings[middle].base <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0, Self.holds(mappings[low - 1], address, size) else { return nil }
        last = low - 1
        return last
    }

    private static func holds(_ mapping: Mapping, _ address: PhysicalAddress, _ size: Int) -> Bool {
        address >= mapping.base && address - mapping.base <= mapping.size &- UInt64(size)
            && UInt64(size) <= mapping.size
    }

    private static func mask(_ size: Int) -> UInt64 {
        (1...7).contains(size) ? (1 << (8 * UInt64(size))) - 1 : ~0
    }
}
