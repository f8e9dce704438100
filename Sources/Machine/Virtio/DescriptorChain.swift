package import GuestAddresses
import GuestMemory
import NumberText

/// A range of guest memory in a descriptor, checked to be RAM.
package struct VirtioSegment: Equatable, Sendable {
    /// The guest-physical address of the first byte.
    package var address: PhysicalAddress
    /// The size, in bytes.
    package var count: UInt64
}

/// One request of the driver: buffers that the device reads, followed by buffers that it writes.
package struct DescriptorChain: Equatable, Sendable {
    /// The index of the first descriptor, which identifies the request in the used ring.
    package var head: UInt16
    /// The buffers that the device reads.
    package var readable: [VirtioSegment] = []
    /// The buffers that the device writes.
    package var writable: [VirtioSegment] = []

    /// The size of the readable buffers, in bytes.
    package var readableCount: UInt64 { readable.byteCount }
    /// The size of the writable buffers, in bytes.
    package var writableCount: UInt64 { writable.byteCount }
}

extension [VirtioSegment] {
    /// The number of bytes, at most 2^32 for the segments of a chain.
    var byteCount: UInt64 { reduce(0) { $0 &+ $1.count } }

    /// Returns the segments of the first `bytes` bytes.
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

    /// Returns the segments after the first `bytes` bytes.
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
    /// Returns the bytes of all segments in order; nil outside RAM.
    ///
    /// The caller must have limited their number.
    func gather(_ segments: [VirtioSegment]) -> [UInt8]? {
        var bytes: [UInt8] = []
        for segment in segments {
            guard read(segment.address, count: segment.count, appendingTo: &bytes) else { return nil }
        }
        return bytes
    }

    /// Writes bytes to the segments in order; bytes beyond the segments are dropped.
    ///
    /// - Returns: False outside RAM.
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

/// Follows the descriptors of one chain and rejects those that the driver must not use.
///
/// The numbers of descriptors and bytes of a chain are limited, so that the walk ends. OASIS, VIRTIO 1.2,
/// section 2.7.5.
struct DescriptorWalk {
    private let dma: GuestDMA
    private let hasIndirect: Bool
    private var chain: DescriptorChain
    private var total: UInt64 = 0
    private var hops = 0

    /// The maximum number of descriptors in a chain with an indirect table.
    ///
    /// Such chains may be longer than the queue. Linux makes longer ones when it has reduced the queue size.
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
                throw VirtioFault("a descriptor chain that has no end")
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
            guard chain.writable.isEmpty else { throw VirtioFault("a readable buffer after a writable one") }
            chain.readable.append(segment)
        }
    }
}
