import GuestAddresses

/// x86's I/O ports: a decoder from a separate 16-bit address space to devices.
package final class IOPorts {
    /// The decoder, with port numbers as addresses.
    private let bus = Bus()

    package init() {}

    /// The mappings in the order of their ports.
    package var mappings: [Bus.Mapping] { bus.mappings }

    /// Adds a device at a range of ports; throws if the range overlaps another device.
    package func add(_ device: any Device, at port: UInt16, size: UInt64) throws(MachineError) {
        try bus.add(device, at: Self.address(port), size: size)
    }

    /// Reads 1, 2 or 4 bytes; returns nil where no device is.
    package func read(_ port: UInt16, size: Int, vcpu: Int) -> UInt64? {
        bus.read(Self.address(port), size: size, vcpu: vcpu)
    }

    /// Writes 1, 2 or 4 bytes; returns false where no device is.
    package func write(_ port: UInt16, size: Int, value: UInt64, vcpu: Int) -> Bool {
        bus.write(Self.address(port), size: size, value: value, vcpu: vcpu)
    }

    /// Returns the device at a port; nil if there is none.
    package func device(at port: UInt16) -> (any Device)? { bus.device(at: Self.address(port)) }

    private static func address(_ port: UInt16) -> PhysicalAddress { PhysicalAddress(UInt64(port)) }
}
