import ByteOrder
package import GuestAddresses

/// A node of a device tree under construction.
///
/// Devicetree Specification, chapter 2. Values are stored as the guest gets them: big-endian cells, zero-terminated
/// strings.
package struct DeviceTreeNode: Equatable, Sendable {
    /// With the unit address, as in `cpu@0`; empty for the root.
    package var name: String
    package var properties: [Property] = []
    package var children: [DeviceTreeNode] = []

    package struct Property: Equatable, Sendable {
        package var name: String
        package var value: [UInt8]
    }

    package init(_ name: String) {
        self.name = name
    }

    /// A node with a unit address, such as `memory@40000000`.
    package init(_ name: String, at address: PhysicalAddress) {
        self.name = name + "@" + String(address.rawValue, radix: 16)
    }

    /// A property without a value: true by being there.
    package mutating func set(_ name: String) {
        set(name, bytes: [])
    }

    package mutating func set(_ name: String, _ cells: UInt32...) {
        set(name, cells: cells)
    }

    package mutating func set(_ name: String, cells: [UInt32]) {
        set(name, bytes: cells.flatMap(Self.bigEndian))
    }

    /// Cells in pairs, as `reg` has them where addresses and sizes are of two cells.
    package mutating func set(_ name: String, pairs: UInt64...) {
        set(name, bytes: pairs.flatMap(Self.bigEndian))
    }

    /// `reg`, where addresses and sizes are of two cells.
    package mutating func setReg(_ ranges: (base: PhysicalAddress, size: UInt64)...) {
        set("reg", bytes: ranges.flatMap { Self.bigEndian($0.base.rawValue) + Self.bigEndian($0.size) })
    }

    package mutating func set(_ name: String, _ strings: String...) {
        set(name, strings: strings)
    }

    package mutating func set(_ name: String, strings: [String]) {
        set(name, bytes: strings.flatMap { Array($0.utf8) + [0] })
    }

    package mutating func set(_ name: String, bytes: [UInt8]) {
        properties.removeAll { $0.name == name }
        properties.append(Property(name: name, value: bytes))
    }

    static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        value.littleEndianBytes.reversed()
    }
}
