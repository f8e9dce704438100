/// All decoded blocks of a cluster, found by physical and virtual address.
///
/// Shared by the vCPUs, whatever their exception level and address space: a block depends on nothing but its bytes and
/// its addresses. Memory is handed out from one allocation, in order, and taken back all at once.
final class BlockCache {
    private let arena: UnsafeMutableRawPointer
    private let capacity: Int
    private var used = 0
    private let buckets: UnsafeMutablePointer<BlockPointer?>
    private static let bucketCount = 1 << 16

    /// What is known of a physical page that has blocks.
    private struct CodePage {
        var first: BlockPointer?
        /// Which of its 64 granules of 64 bytes have code.
        var granules: UInt64 = 0
    }
    private var pages: [UInt64: CodePage] = [:]

    /// Changes whenever all blocks are dropped.
    private(set) var generation = 0

    /// The most bytes one block can take.
    private static let largestBlock =
        MemoryLayout<Block>.stride + MemoryLayout<Operation>.stride * (BlockBuilder.maximumOperations + 1)

    init(capacity: Int) {
        self.capacity = max(capacity, 2 * Self.largestBlock)
        arena = .allocate(byteCount: self.capacity, alignment: 64)
        buckets = .allocate(capacity: Self.bucketCount)
        buckets.initialize(repeating: nil, count: Self.bucketCount)
    }

    deinit {
        arena.deallocate()
        buckets.deallocate()
    }

    /// Room for one block that belongs to no cache.
    static func allocateScratch() -> BlockPointer {
        UnsafeMutableRawPointer.allocate(byteCount: largestBlock, alignment: 64).assumingMemoryBound(to: Block.self)
    }

    private static func bucket(_ physical: UInt64) -> Int {
        Int(truncatingIfNeeded: (physical >> 2) ^ (physical >> 18)) & (bucketCount - 1)
    }

    func find(virtual: UInt64, physical: UInt64) -> BlockPointer? {
        var candidate = buckets[Self.bucket(physical)]
        while let block = candidate {
            if block.pointee.physicalAddress == physical && block.pointee.virtualAddress == virtual
                && !block.pointee.isDead
            {
                return block
            }
            candidate = block.pointee.nextInBucket
        }
        return nil
    }

    /// Whether there is room for another block without dropping all.
    var hasRoom: Bool { capacity - used >= Self.largestBlock }

    /// Where the next block may be written; there must be room.
    func nextPlace() -> BlockPointer {
        (arena + used).assumingMemoryBound(to: Block.self)
    }

    /// Keeps the block that was written at ``nextPlace()``.
    func keep(_ block: BlockPointer, operationCount: Int) {
        let size = MemoryLayout<Block>.stride + operationCount * MemoryLayout<Operation>.stride
        used += (size + 15) & ~15
        let bucket = Self.bucket(block.pointee.physicalAddress)
        block.pointee.nextInBucket = buckets[bucket]
        buckets[bucket] = block
        let page = block.pointee.physicalAddress >> 12
        block.pointee.nextInPage = pages[page]?.first
        pages[page, default: CodePage()].first = block
    }

    /// Notes that instructions in these bytes are decoded somewhere, so that a store to them is noticed.
    func noteCode(physical: UInt64, count: UInt64) {
        pages[physical >> 12, default: CodePage()].granules |= Self.granules(physical, 4 * count)
    }

    /// The granules of a page that a range touches, which must not leave the page.
    private static func granules(_ physical: UInt64, _ length: UInt64) -> UInt64 {
        let first = physical >> 6 & 63
        let last = min((physical & 0xFFF) + max(length, 1) - 1, 0xFFF) >> 6
        return (~0 << first) & (~0 >> (63 - last))
    }

    /// What a store to a page with code did to it.
    enum StoreOutcome { case harmless, invalidated, pageIsFree }

    /// Drops the blocks that have instructions in the range, which must not leave a page.
    func invalidate(physical: UInt64, length: UInt64) -> StoreOutcome {
        guard var page = pages[physical >> 12] else { return .pageIsFree }
        guard page.granules & Self.granules(physical, length) != 0 else { return .harmless }
        var kept: BlockPointer?
        page.granules = 0
        var candidate = page.first
        while let block = candidate {
            candidate = block.pointee.nextInPage
            let start = block.pointee.physicalAddress
            if start < physical + length && physical < start + 4 * block.pointee.count {
                Self.kill(block)
            } else {
                page.granules |= Self.granules(start, 4 * block.pointee.count)
                block.pointee.nextInPage = kept
                kept = block
            }
        }
        page.first = kept
        pages[physical >> 12] = kept == nil ? nil : page
        return kept == nil ? .pageIsFree : .invalidated
    }

    /// Makes the block send whoever enters it back to the look-up.
    private static func kill(_ block: BlockPointer) {
        block.pointee.isDead = true
        block.operations.pointee = Operation(.dead)
    }

    /// Drops the blocks that contain or begin at one of the virtual addresses.
    func invalidate(virtual addresses: Set<UInt64>) {
        for number in pages.keys {
            var candidate = pages[number]?.first
            while let block = candidate {
                candidate = block.pointee.nextInPage
                if !block.pointee.isDead
                    && addresses.contains(where: { $0 &- block.pointee.virtualAddress < 4 * block.pointee.count })
                {
                    Self.kill(block)
                }
            }
        }
    }

    /// Drops everything; the physical pages that had code are given, so that their flags can be cleared.
    func removeAll() -> [UInt64] {
        let numbers = pages.keys.map { $0 << 12 }
        pages.removeAll(keepingCapacity: true)
        buckets.update(repeating: nil, count: Self.bucketCount)
        used = 0
        generation += 1
        return numbers
    }
}
