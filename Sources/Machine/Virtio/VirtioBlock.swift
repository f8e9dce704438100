import ByteOrder
import GuestAddresses
import GuestMemory

/// A virtio block device.
///
/// A write is on stable storage after a later flush has succeeded. For a driver that has not accepted
/// VIRTIO_BLK_F_FLUSH, each write is flushed before it completes. OASIS, VIRTIO 1.2, section 5.2.
package final class VirtioBlock: VirtioDevice {
    /// The device's name.
    package let name = "virtio block"
    /// The device ID: block device.
    package let deviceID: UInt32 = 2
    /// One request queue.
    package let queueCount = 1
    private let storage: any BlockStorage

    /// The unit of `capacity` and of a request's sector number, in bytes.
    package static let sectorSize: UInt64 = 512
    private static let headerSize: UInt64 = 16
    private static let identifierSize = 20
    /// The maximum number of data buffers of a request; with header and status they fill a queue.
    private static let maximumSegments: UInt32 = 254
    /// The state that snapshots save.
    package private(set) var state = State()

    /// The request in progress.
    package struct State: Equatable, Sendable {
        /// The request that is not complete, if any.
        var transfer: Transfer?
    }

    /// A request, with the part of it that is not done.
    struct Transfer: Equatable, Sendable {
        var chain: DescriptorChain
        var isWrite: Bool
        var status: Status
        /// The segments that remain to be moved, in reverse order, and the byte offset on the disk.
        var data: [VirtioSegment] = []
        var offset: UInt64 = 0
    }

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

    /// The status byte, the last of a request.
    enum Status: UInt8 {
        case ok = 0
        case failed = 1
        case unsupported = 2

        init(_ isDone: Bool) { self = isDone ? .ok : .failed }
    }

    /// Makes a disk with the content of `storage`.
    package init(_ storage: any BlockStorage) {
        self.storage = storage
    }

    /// VIRTIO_BLK_F_SEG_MAX, BLK_SIZE and FLUSH, and RO for a read-only disk.
    package var features: UInt64 {
        Feature.maximumSegments | Feature.blockSize | Feature.flush | (storage.isReadOnly ? Feature.readOnly : 0)
    }

    /// The capacity in sectors, limited so that byte offsets fit in 64 bits.
    private var sectorCount: UInt64 { min(storage.sectorCount, UInt64.max / Self.sectorSize) }

    /// The configuration space: capacity, size_max (not offered), seg_max, geometry (not offered), blk_size.
    package var configuration: [UInt8] {
        sectorCount.littleEndianBytes + [0, 0, 0, 0] + Self.maximumSegments.littleEndianBytes + [0, 0, 0, 0]
            + UInt32(Self.sectorSize).littleEndianBytes
    }

    /// Drops the unfinished request.
    package func reset() { state = State() }

    /// Replaces the state.
    package func restore(_ state: State) { self.state = state }

    /// Drops the unfinished request.
    package func stop(queue: Int) { state.transfer = nil }

    /// Serves requests of the queue; a request that is too large for one call continues in the next.
    package func serve(_ queue: inout Virtqueue, index: Int, features: UInt64) throws(VirtioFault) -> Bool {
        var work = VirtioWork()
        while !work.isDone {
            var current: Transfer
            if let transfer = state.transfer {
                current = transfer
            } else {
                guard let chain = try queue.pop() else { return false }
                work.take(chain)
                current = try begin(chain, queue.dma, &work)
            }
            move(&current, queue.dma, &work)
            guard current.data.isEmpty else {
                state.transfer = current
                return true
            }
            state.transfer = nil
            // Without VIRTIO_BLK_F_FLUSH, each write is flushed.
            if current.isWrite, current.status == .ok, features & Feature.flush == 0 {
                current.status = Status(flush(&work))
            }
            let chain = current.chain
            let place = chain.writable.dropFirst(bytes: chain.writableCount - 1)
            guard queue.dma.scatter([current.status.rawValue], into: place) else {
                throw VirtioFault("a block request's status is not in RAM")
            }
            try queue.push(chain, written: chain.writableCount)
        }
        return true
    }

    private func begin(
        _ chain: DescriptorChain, _ dma: GuestDMA, _ work: inout VirtioWork
    ) throws(VirtioFault) -> Transfer {
        guard chain.writableCount > 0, chain.readableCount >= Self.headerSize,
            let header = dma.gather(chain.readable.prefix(bytes: Self.headerSize)),
            let type: UInt32 = header.littleEndian(at: 0), let sector: UInt64 = header.littleEndian(at: 8)
        else { throw VirtioFault("a block request without header or status") }
        var transfer = Transfer(chain: chain, isWrite: type == Request.write, status: .ok)
        let room = chain.writable.prefix(bytes: chain.writableCount - 1)
        switch type {
        case Request.read: place(room, sector, &transfer)
        case Request.write where storage.isReadOnly: transfer.status = .failed
        case Request.write: place(chain.readable.dropFirst(bytes: Self.headerSize), sector, &transfer)
        case Request.flush: transfer.status = Status(flush(&work))
        case Request.identifier:
            var bytes = Array(storage.identifier.utf8.prefix(Self.identifierSize))
            bytes += [UInt8](repeating: 0, count: Self.identifierSize - bytes.count)
            transfer.status = Status(dma.scatter(bytes, into: room))
        default: transfer.status = .unsupported
        }
        return transfer
    }

    /// Flushes the disk; false if the host failed.
    ///
    /// A flush may take long, so it uses up the work of the call.
    private func flush(_ work: inout VirtioWork) -> Bool {
        work.spend(VirtioWork.limit)
        return storage.flush()
    }

    /// Prepares the transfer of whole sectors, or fails it if they do not all lie on the disk.
    private func place(_ data: [VirtioSegment], _ sector: UInt64, _ transfer: inout Transfer) {
        let (count, rest) = data.byteCount.quotientAndRemainder(dividingBy: Self.sectorSize)
        guard rest == 0, sector <= sectorCount, count <= sectorCount - sector else {
            transfer.status = .failed
            return
        }
        // In reverse, because segments are taken from the end.
        transfer.data = data.filter { $0.count > 0 }.reversed()
        transfer.offset = sector * Self.sectorSize
    }

    /// Moves data as far as the remaining work allows; a host error ends the transfer.
    private func move(_ transfer: inout Transfer, _ dma: GuestDMA, _ work: inout VirtioWork) {
        while !work.isDone, let segment = transfer.data.popLast() {
            let count = min(segment.count, work.left)
            let offset = transfer.offset
            // SAFETY: the storage uses the buffer only during the call, and moves as many bytes as the buffer has.
            let isDone =
                transfer.isWrite
                ? dma.read(segment.address, count: count) { bytes in
                    unsafe bytes.withUnsafeBytes { unsafe storage.write(at: offset, from: $0) }
                }
                : dma.write(segment.address, count: count) { bytes in
                    unsafe bytes.withUnsafeMutableBytes { unsafe storage.read(at: offset, into: $0) }
                }
            work.spend(count)
            guard isDone == true else {
                transfer.status = .failed
                transfer.data = []
                return
            }
            transfer.offset += count
            if count < segment.count {
                transfer.data.append(VirtioSegment(address: segment.address + count, count: segment.count - count))
            }
        }
    }

}
