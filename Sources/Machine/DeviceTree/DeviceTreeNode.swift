import ByteOrder
package import GuestAddresses

/// A node of a device tree.
///
/// Devicetree Specification, chapter 2. Values are stored in the guest's format: big-endian cells, zero-terminated
/// strings.
package struct DeviceTreeNode: Equatable, Sendable {
    /// The name with the unit address, such as `cpu@0`; empty for the root.
    package var name: String
    /// The properties, in the order of the flattened tree.
    package var properties: [Property] = []
    /// The child nodes, in the order of the flattened tree.
    package var children: [DeviceTreeNode] = []

    /// A property with its value.
    package struct Property: Equatable, Sendable {
        /// The name, such as `compatible`.
        package var name: String
        /// The value as the guest reads it.
        package var value: [UInt8]
    }

    package init(_ name: String) {
        self.name = name
    }

    /// A node with a unit address, such as `memory@40000000`.
    package init(_ name: String, at address: PhysicalAddress) {
        self.name = name + "@" + String(address.rawValue, radix: 16)
    }

    /// Sets a property without a value, which is true if it is present.
    package mutating func set(_ name: String) {
        set(name, bytes: [])
    }

    /// Sets a property to 32-bit cells.
    package mutating func set(_ name: String, _ cells: UInt32...) {
        set(name, cells: cells)
    }

    /// Sets a property to 32-bit cells.
    package mutating func set(_ name: String, cells: [UInt32]) {
        set(name, bytes: cells.flatMap(Self.bigEndian))
    }

    /// Sets a property to 64-bit numbers of two cells each.
    package mutating func set(_ name: String, pairs: UInt64...) {
        set(name, bytes: pairs.flatMap(Self.bigEndian))
    }

    /// Sets `reg` to ranges whose addresses and sizes have two cells each.
    package mutating func setReg(_ ranges: (base: PhysicalAddress, size: UInt64)...) {
        set("reg", bytes: ranges.flatMap { Self.bigEndian($0.base.rawValue) + Self.bigEndian($0.size) })
    }

    /// Sets a property to one or more strings.
    package mutating func set(_ name: String, _ strings: String...) {
        set(name, strings: strings)
    }

    /// Sets a property to a list of strings.
    package mutating func set(_ name: String, strings: [String]) {
        set(name, bytes: strings.flatMap { Array($0.utf8) + [0] })
    }

    /// Sets a property to bytes, and replaces one of the same name.
    package mutating func set(_ name: String, bytes: [UInt8]) {
        properties.removeAll { $0.name == name }
        properties.append(Property(name: name, value: bytes))
    }

    static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        value.littleEndianBytes.reversed()
    }
}
