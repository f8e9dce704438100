import GuestAddresses

/// x86's I/O ports to devices: an address space of 16 bits beside memory.
package final class IOPorts {
    /// The decoder, in which a port's address is its number.
    private let bus = Bus()

    package init() {}

    package var mappings: [Bus.Mapping] { bus.mappings }

    package func add(_ device: any Device, at port: UInt16, size: UInt64) throws(MachineError) {
        try bus.add(device, at: Self.address(port), size: size)
    }

    /// Reads 1, 2 or 4 bytes; nil where no device is.
    package func read(_ port: UInt16, size: Int, vcpu: Int) -> UInt64? {
        bus.read(Self.address(port), size: size, vcpu: vcpu)
    }

    /// Writes 1, 2 or 4 bytes; false where no device is.
    package func write(_ port: UInt16, size: Int, value: UInt64, vcpu: Int) -> Bool {
        bus.write(Self.address(port), size: size, value: value, vcpu: vcpu)
    }

    /// The device at the port.
    package func device(at port: UInt16) -> (any Device)? { bus.device(at: Self.address(port)) }

    private static func address(_ port: UInt16) -> PhysicalAddress { PhysicalAddress(UInt64(port)) }
}
