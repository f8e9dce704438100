package import GuestAddresses
import GuestMemory
import NumberText

/// A range of guest RAM that a descriptor names, known to be RAM.
package struct VirtioSegment: Equatable, Sendable {
    package var address: PhysicalAddress
    package var count: UInt64
}

/// One request of the driver: what the device reads, then what it writes.
package struct DescriptorChain: Equatable, Sendable {
    /// The index of its first descriptor, by which the driver knows it.
    package var head: UInt16
    package var readable: [VirtioSegment] = []
    package var writable: [VirtioSegment] = []

    package var readableCount: UInt64 { readable.byteCount }
    package var writableCount: UInt64 { writable.byteCount }
}

extension [VirtioSegment] {
    /// At most 2^32 for what a chain holds.
    var byteCount: UInt64 { reduce(0) { $0 &+ $1.count } }

    /// The first so many bytes.
    func prefix(bytes: UInt64) -> [VirtioSegment] {
        var left = bytes
        var result: [VirtioSegment] = []
        for segment in self where left > 0 {
            let part = Swift.min(left, segment.count)
            result.append(VirtioSegment(address: segment.address, count: part))
            left -= part
        }
        return result
    }

    /// All but the first so many bytes.
    func dropFirst(bytes: UInt64) -> [VirtioSegment] {
        var left = bytes
        var result: [VirtioSegment] = []
        for segment in self {
            let part = Swift.min(left, segment.count)
            left -= part
            if part < segment.count {
                result.append(VirtioSegment(address: segment.address &+ part, count: segment.count - part))
            }
        }
        return result
    }
}

extension GuestDMA {
    /// The bytes of all segments, one behind the other; nil outside RAM.
    ///
    /// The caller has looked at how many they are.
    func gather(_ segments: [VirtioSegment]) -> [UInt8]? {
        var bytes: [UInt8] = []
        for segment in segments {
            guard read(segment.address, count: segment.count, appendingTo: &bytes) else { return nil }
        }
        return bytes
    }

    /// Puts bytes into the segments; what has no room is left out.
    ///
    /// - Returns: false outside RAM.
    func scatter(_ bytes: [UInt8], into segments: [VirtioSegment]) -> Bool {
        var rest = bytes[...]
        for segment in segments where !rest.isEmpty {
            let part = rest.prefix(Int(Swift.min(segment.count, UInt64(rest.count))))
            guard write(part, at: segment.address) else { return false }
            rest = rest.dropFirst(part.count)
        }
        return true
    }
}

/// Follows the descriptors of one chain, and refuses what the driver may not do.
///
/// Section 2.7.5. A chain can't be followed for ever: it has a limit in descriptors and one in bytes.
struct DescriptorWalk {
    private let dma: GuestDMA
    private let hasIndirect: Bool
    private var chain: DescriptorChain
    private var total: UInt64 = 0
    private var hops = 0

    /// Chains in indirect tables may be longer than the queue: Linux's are, when it has made a queue small.
    private static let hopLimit = 1024
    private static let byteLimit: UInt64 = 1 << 32
    private static let descriptorSize: UInt64 = 16

    private enum Flag {
        static let next: UInt16 = 1
        static let write: UInt16 = 2
        static let indirect: UInt16 = 4
    }

    private struct Table {
        var address: PhysicalAddress
        var count: UInt32
        var isIndirect: Bool
    }

    static func chain(
        head: UInt16, table: PhysicalAddress, size: UInt16, hasIndirect: Bool, dma: GuestDMA
    ) throws(VirtioFault) -> DescriptorChain {
        var walk = DescriptorWalk(dma: dma, hasIndirect: hasIndirect, chain: DescriptorChain(head: head))
        try walk.follow(UInt32(head), Table(address: table, count: UInt32(size), isIndirect: false))
        return walk.chain
    }

    private mutating func follow(_ first: UInt32, _ table: Table) throws(VirtioFault) {
        var index = first
        while true {
            guard index < table.count else { throw VirtioFault("descriptor \(index) of \(table.count)") }
            hops += 1
            guard hops <= (table.isIndirect ? Self.hopLimit : Int(table.count)) else {
                throw VirtioFault("a descriptor chain without end")
            }
            let place = table.address &+ UInt64(index) * Self.descriptorSize
            guard let number: UInt64 = dma.load(place), let count: UInt32 = dma.load(place &+ 8),
                let flags: UInt16 = dma.load(place &+ 12), let next: UInt16 = dma.load(place &+ 14)
            else { throw VirtioFault("a descriptor at \(hexadecimal(place)), which is not RAM") }
            let address = PhysicalAddress(number)
            if flags & Flag.indirect != 0 {
                guard hasIndirect, !table.isIndirect, flags & Flag.next == 0 else {
                    throw VirtioFault("an indirect descriptor where none may be")
                }
                guard count > 0, UInt64(count) % Self.descriptorSize == 0, dma.holds(address, count: UInt64(count))
                else { throw VirtioFault("an indirect table of \(count) bytes at \(hexadecimal(address))") }
                let size = count / UInt32(Self.descriptorSize)
                return try follow(0, Table(address: address, count: size, isIndirect: true))
            }
            try append(VirtioSegment(address: address, count: UInt64(count)), isWritable: flags & Flag.write != 0)
            if flags & Flag.next == 0 { return }
            index = UInt32(next)
        }
    }

    private mutating func append(_ segment: VirtioSegment, isWritable: Bool) throws(VirtioFault) {
        guard dma.holds(segment.address, count: segment.count) else {
            throw VirtioFault("a buffer of \(segment.count) bytes at \(hexadecimal(segment.address)), which is not RAM")
        }
        total += segment.count
        guard total <= Self.byteLimit else { throw VirtioFault("a descriptor chain of more than 4 GiB") }
        if isWritable {
            chain.writable.append(segment)
        } else {
            guard chain.writable.isEmpty else { throw VirtioFault("a buffer to read behind one to write") }
            chain.readable.append(segment)
        }
    }
}
