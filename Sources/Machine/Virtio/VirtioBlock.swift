/// A disk.
///
/// OASIS, VIRTIO 1.2, section 5.2. What is written is on stable storage when a later flush has succeeded; a driver that does
/// not know of flushes gets that for each write.
package final class VirtioBlock: VirtioDevice {
    package let name = "virtio block"
    package let deviceID: UInt32 = 2
    package let queueCount = 1
    private let storage: any BlockStorage

    package static let sectorSize: UInt64 = 512
    private static let headerSize: UInt64 = 16
    private static let identifierSize = 20
    /// Buffers of one request: with header and status they fill a queue.
    private static let maximumSegments: UInt32 = 254
    /// How many bytes are moved in one go before a debugger is let in.
    private static let budget: UInt64 = 256 << 20
    /// What a flush counts for, as it takes its time as well.
    private static let flushCost: UInt64 = 4 << 20

    private enum Feature {
        static let maximumSegments: UInt64 = 1 << 2
        static let readOnly: UInt64 = 1 << 5
        static let blockSize: UInt64 = 1 << 6
        static let flush: UInt64 = 1 << 9
    }

    private enum Request {
        static let read: UInt32 = 0
        static let write: UInt32 = 1
        static let flush: UInt32 = 4
        static let identifier: UInt32 = 8
    }

    /// The last byte of a request.
    private enum Status: UInt8 {
        case ok = 0
        case failed = 1
        case unsupported = 2

        init(_ isDone: Bool) { self = isDone ? .ok : .failed }
    }

    package init(_ storage: any BlockStorage) {
        self.storage = storage
    }

    package var features: UInt64 {
        Feature.maximumSegments | Feature.blockSize | Feature.flush | (storage.isReadOnly ? Feature.readOnly : 0)
    }

    /// Offsets in bytes have to be numbers.
    private var sectorCount: UInt64 { min(storage.sectorCount, UInt64.max / Self.sectorSize) }

    /// capacity, size_max (not offered), seg_max, geometry (not offered), blk_size.
    package var configuration: [UInt8] {
        sectorCount.littleEndianBytes + [0, 0, 0, 0] + Self.maximumSegments.littleEndianBytes + [0, 0, 0, 0]
            + UInt32(Self.sectorSize).littleEndianBytes
    }

    package func serve(_ queue: inout Virtqueue, index: Int, features: UInt64) throws(VirtioFault) -> Bool {
        var cost: UInt64 = 0
        while cost < Self.budget {
            guard let chain = try queue.pop() else { return false }
            guard chain.writableCount > 0, chain.readableCount >= Self.headerSize,
                let header = queue.dma.gather(chain.readable.prefix(bytes: Self.headerSize)),
                let type: UInt32 = header.littleEndian(at: 0), let sector: UInt64 = header.littleEndian(at: 8)
            else { throw VirtioFault("a block request without header or status") }
            let status = perform(type, sector, chain, queue.dma, flushes: features & Feature.flush == 0)
            let place = chain.writable.dropFirst(bytes: chain.writableCount - 1)
            guard queue.dma.scatter([status.rawValue], into: place) else {
                throw VirtioFault("a block request's status is not in RAM")
            }
            try queue.push(chain, written: chain.writableCount)
            cost += type == Request.flush ? Self.flushCost : chain.readableCount + chain.writableCount
        }
        return true
    }

    /// - Parameter flushes: each write is followed by a flush.
    private func perform(
        _ type: UInt32, _ sector: UInt64, _ chain: DescriptorChain, _ dma: GuestDMA, flushes: Bool
    ) -> Status {
        switch type {
        case Request.read:
            let data = chain.writable.prefix(bytes: chain.writableCount - 1)
            return Status(
                move(data, sector) { segment, offset in
                    dma.write(segment.address, count: segment.count) { storage.read(at: offset, into: $0) } == true
                })
        case Request.write:
            guard !storage.isReadOnly else { return .failed }
            let data = chain.readable.dropFirst(bytes: Self.headerSize)
            let isWritten = move(data, sector) { segment, offset in
                dma.read(segment.address, count: segment.count) { storage.write(at: offset, from: $0) } == true
            }
            return Status(isWritten && (!flushes || storage.flush()))
        case Request.flush:
            return Status(storage.flush())
        case Request.identifier:
            var bytes = Array(storage.identifier.utf8.prefix(Self.identifierSize))
            bytes += [UInt8](repeating: 0, count: Self.identifierSize - bytes.count)
            return Status(dma.scatter(bytes, into: chain.writable.prefix(bytes: chain.writableCount - 1)))
        default:
            return .unsupported
        }
    }

    /// Moves whole sectors that lie on the disk, segment by segment; false if they don't, or the host fails.
    private func move(_ data: [VirtioSegment], _ sector: UInt64, _ body: (VirtioSegment, UInt64) -> Bool) -> Bool {
        let (count, rest) = data.byteCount.quotientAndRemainder(dividingBy: Self.sectorSize)
        guard rest == 0, sector <= sectorCount, count <= sectorCount - sector else { return false }
        var offset = sector * Self.sectorSize
        for segment in data where segment.count > 0 {
            guard body(segment, offset) else { return false }
            offset += segment.count
        }
        return true
    }
}
