import Machine

/// Reads a flattened device tree back and refuses whatever the specification does not allow.
struct DeviceTreeReader {
    struct Malformed: Error, CustomStringConvertible {
        var description: String
    }

    private let bytes: [UInt8]
    private let structure: Range<Int>
    private let strings: Range<Int>
    private var position: Int

    /// The tree of a whole DTB.
    static func root(of bytes: [UInt8]) throws -> DeviceTreeNode {
        var reader = try DeviceTreeReader(bytes)
        let root = try reader.node(depth: 0)
        guard try reader.word() == 9, reader.position == reader.structure.upperBound else {
            throw Malformed(description: "the structure does not end behind the root")
        }
        return root
    }

    private init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        let header = stride(from: 0, to: 40, by: 4).compactMap { Self.word(bytes, $0).map { Int($0) } }
        guard header.count == 10, header[0] == 0xD00D_FEED, header[1] == bytes.count, header[5] == 17, header[6] == 16
        else {
            throw Malformed(description: "header \(header)")
        }
        structure = header[2]..<header[2] + header[9]
        strings = header[3]..<header[3] + header[8]
        let reservations = header[4]
        guard header[2] % 4 == 0, reservations % 8 == 0, reservations >= 40, structure.lowerBound >= reservations + 16,
            structure.upperBound <= strings.lowerBound, strings.upperBound <= bytes.count,
            bytes[reservations..<reservations + 16].allSatisfy({ $0 == 0 })
        else { throw Malformed(description: "blocks out of place: \(header)") }
        position = structure.lowerBound
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32? {
        guard offset >= 0, offset + 4 <= bytes.count else { return nil }
        return bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private mutating func word() throws -> UInt32 {
        guard position + 4 <= structure.upperBound, let word = Self.word(bytes, position) else {
            throw Malformed(description: "structure cut off at \(position)")
        }
        position += 4
        return word
    }

    private func string(from start: Int, before end: Int) throws -> String {
        guard start < end, let zero = bytes[start..<end].firstIndex(of: 0) else {
            throw Malformed(description: "string at \(start) without an end")
        }
        return String(decoding: bytes[start..<zero], as: UTF8.self)
    }

    private mutating func align() throws {
        while position % 4 != 0 {
            guard bytes[position] == 0 else { throw Malformed(description: "padding at \(position) is not zero") }
            position += 1
        }
    }

    private mutating func node(depth: Int) throws -> DeviceTreeNode {
        guard try word() == 1 else { throw Malformed(description: "no node at \(position - 4)") }
        let name = try string(from: position, before: structure.upperBound)
        guard name.isEmpty == (depth == 0) else { throw Malformed(description: "name at \(position)") }
        position += name.utf8.count + 1
        try align()
        var node = DeviceTreeNode(name)
        while true {
            switch try word() {
            case 1:
                position -= 4
                node.children.append(try self.node(depth: depth + 1))
            case 2:
                return node
            case 3:
                guard node.children.isEmpty else { throw Malformed(description: "property behind a child in \(name)") }
                let count = Int(try word())
                let property = try string(from: strings.lowerBound + Int(try word()), before: strings.upperBound)
                guard !property.isEmpty, position + count <= structure.upperBound else {
                    throw Malformed(description: "property of \(name)")
                }
                node.set(property, bytes: Array(bytes[position..<position + count]))
                position += count
                try align()
            case let token:
                throw Malformed(description: "token \(token) at \(position - 4)")
            }
        }
    }
}

extension DeviceTreeNode {
    /// The node at a path of names, as in `cpus/cpu@0`.
    func node(_ path: String) -> DeviceTreeNode? {
        path.split(separator: "/").reduce(self) { node, name in
            node?.children.first { $0.name == name }
        }
    }

    func value(_ property: String) -> [UInt8]? {
        properties.first { $0.name == property }?.value
    }

    func cells(_ property: String) -> [UInt32]? {
        value(property).map { bytes in
            stride(from: 0, to: bytes.count, by: 4).map { start in
                bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
            }
        }
    }

    func strings(_ property: String) -> [String]? {
        value(property).map { $0.split(separator: 0).map { String(decoding: $0, as: UTF8.self) } }
    }
}
