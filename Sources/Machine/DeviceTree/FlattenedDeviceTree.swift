/// The encoder of device trees in their flattened format (DTB).
///
/// Devicetree Specification, chapter 5, "Flattened Devicetree (DTB) Format", version 17: header, memory reservations
/// (none), structure, strings.
package enum FlattenedDeviceTree {
    private enum Token {
        static let beginNode: UInt32 = 1
        static let endNode: UInt32 = 2
        static let property: UInt32 = 3
        static let end: UInt32 = 9
    }

    private static let magic: UInt32 = 0xD00D_FEED
    private static let version: UInt32 = 17
    private static let lastCompatibleVersion: UInt32 = 16
    private static let headerSize = 40
    private static let reservationSize = 16

    /// Returns a device tree as a DTB.
    ///
    /// - Parameter bootCPU: The `reg` of the CPU that boots, boot_cpuid_phys.
    package static func bytes(root: DeviceTreeNode, bootCPU: UInt32 = 0) -> [UInt8] {
        var writer = Writer()
        writer.append(root)
        writer.append(Token.end)
        let structureOffset = headerSize + reservationSize
        let stringsOffset = structureOffset + writer.structure.count
        let header: [UInt32] = [
            magic, UInt32(stringsOffset + writer.strings.count), UInt32(structureOffset), UInt32(stringsOffset),
            UInt32(headerSize), version, lastCompatibleVersion, bootCPU,
            UInt32(writer.strings.count), UInt32(writer.structure.count),
        ]
        return header.flatMap(DeviceTreeNode.bigEndian) + [UInt8](repeating: 0, count: reservationSize)
            + writer.structure + writer.strings
    }

    private struct Writer {
        var structure: [UInt8] = []
        var strings: [UInt8] = []
        private var offsets: [String: UInt32] = [:]

        mutating func append(_ token: UInt32) {
            structure += DeviceTreeNode.bigEndian(token)
        }

        mutating func append(_ node: DeviceTreeNode) {
            append(Token.beginNode)
            structure += Array(node.name.utf8) + [0]
            align()
            for property in node.properties {
                append(Token.property)
                append(UInt32(property.value.count))
                append(offset(of: property.name))
                structure += property.value
                align()
            }
            for child in node.children { append(child) }
            append(Token.endNode)
        }

        /// The offset of a name in the strings block, where each name is stored once.
        private mutating func offset(of name: String) -> UInt32 {
            if let known = offsets[name] { return known }
            let offset = UInt32(strings.count)
            offsets[name] = offset
            strings += Array(name.utf8) + [0]
            return offset
        }

        private mutating func align() {
            while structure.count % 4 != 0 { structure.append(0) }
        }
    }
}
