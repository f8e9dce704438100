/// All decoded blocks of a cluster, found by physical and virtual address.
///
/// All vCPUs share it at every exception level and in every address space, because a block depends only on its bytes
/// and its addresses. Memory is allocated from one arena in order and freed all at once. A dropped block is removed
/// from every list and link at once, so code that was overwritten after decoding does not slow any look-up.
final class BlockCache {
    private let arena: UnsafeMutableRawPointer
    private let capacity: Int
    private var used = 0
    private let buckets: UnsafeMutablePointer<BlockPointer?>
    private static let bucketCount = 1 << BlockHash.bits

    private typealias PagePointer = UnsafeMutablePointer<CodePage>
    /// Pages that have code, by physical page number.
    private var pages: [UInt64: PagePointer] = [:]
    /// The page that was looked up last.
    ///
    /// Most look-ups repeat the last one.
    private var lastPage: (number: UInt64, page: PagePointer)?

    /// Incremented whenever all blocks are dropped.
    private(set) var generation = 0

    /// The maximum size of a block, in bytes.
    private static let largestBlock =
        MemoryLayout<Block>.stride + MemoryLayout<Operation>.stride * (BlockBuilder.maximumOperations + 1)

    init(capacity: Int) {
        self.capacity = max(capacity, 2 * Self.largestBlock)
        arena = .allocate(byteCount: self.capacity, alignment: 64)
        buckets = .allocate(capacity: Self.bucketCount)
        buckets.initialize(repeating: nil, count: Self.bucketCount)
    }

    deinit {
        for page in pages.values { page.deallocate() }
        arena.deallocate()
        buckets.deallocate()
    }

    /// Allocates memory for one block outside any cache.
    ///
    /// The caller frees it.
    static func allocateScratch() -> BlockPointer {
        UnsafeMutableRawPointer.allocate(byteCount: largestBlock, alignment: 64).assumingMemoryBound(to: Block.self)
    }

    func find(virtual: UInt64, physical: UInt64) -> BlockPointer? {
        var candidate = buckets[BlockHash.bucket(virtual: virtual, physical: physical)]
        while let block = candidate {
            if block.pointee.physicalAddress == physical && block.pointee.virtualAddress == virtual { return block }
            candidate = block.pointee.nextInBucket
        }
        return nil
    }

    /// Whether another block fits.
    var hasRoom: Bool { capacity - used >= Self.largestBlock }

    /// The place for the next block; requires ``hasRoom``.
    func nextPlace() -> BlockPointer {
        (arena + used).assumingMemoryBound(to: Block.self)
    }

    /// Adds the block that was written at ``nextPlace()``.
    ///
    /// Its code must have been recorded with `recordCode`.
    func keep(_ block: BlockPointer, operationCount: Int) {
        let size = MemoryLayout<Block>.stride + operationCount * MemoryLayout<Operation>.stride
        used += (size + 15) & ~15
        let bucket = BlockHash.bucket(of: block)
        block.pointee.nextInBucket = buckets[bucket]
        buckets[bucket] = block
        page(block.pointee.physicalAddress >> 12).pointee.insert(block)
    }

    /// Records that `count` instructions at `physical` are decoded, so that a store to them is detected.
    func recordCode(physical: UInt64, count: UInt64) {
        page(physical >> 12).pointee.note(physical: physical, length: 4 * count)
    }

    /// Links `block` to `target`, so that it is entered without a look-up until either is dropped.
    func link(_ block: BlockPointer, side: Int, to target: BlockPointer) {
        guard block.links[side] == nil else { return }
        block.links[side] = target
        if side == 0 {
            block.pointee.nextIncomingOfTaken = target.pointee.incoming
        } else {
            block.pointee.nextIncomingOfNotTaken = target.pointee.incoming
        }
        target.pointee.incoming = BlockLink(block, side: side)
    }

    // MARK: Pages

    private func knownPage(_ number: UInt64) -> PagePointer? {
        if let lastPage, lastPage.number == number { return lastPage.page }
        guard let page = pages[number] else { return nil }
        lastPage = (number, page)
        return page
    }

    private func page(_ number: UInt64) -> PagePointer {
        if let page = knownPage(number) { return page }
        let page = PagePointer.allocate(capacity: 1)
        page.initialize(to: CodePage())
        pages[number] = page
        lastPage = (number, page)
        return page
    }

    private func forget(_ number: UInt64, _ page: PagePointer) {
        pages[number] = nil
        lastPage = nil
        page.deallocate()
    }

    // MARK: Dropping blocks

    /// The effect of a store on the decoded blocks of its page.
    enum StoreOutcome { case harmless, invalidated, pageIsFree }

    /// Drops the blocks that have instructions in the range, which must lie within one page.
    func invalidate(physical: UInt64, length: UInt64) -> StoreOutcome {
        guard let page = knownPage(physical >> 12) else { return .pageIsFree }
        guard page.pointee.hasCode(physical: physical, length: length) else {
            guard page.pointee.countQuiet(length) else { return .harmless }
            forget(physical >> 12, page)
            return .pageIsFree
        }
        page.pointee.removeBlocks(physical: physical, length: length) { kill($0) }
        return .invalidated
    }

    /// Makes an entry to the block return to the look-up, and clears all links to it.
    private func kill(_ block: BlockPointer) {
        block.pointee.isDead = true
        block.operations.pointee = Operation(.dead)
        let bucket = buckets + BlockHash.bucket(of: block)
        if bucket.pointee == block {
            bucket.pointee = block.pointee.nextInBucket
        } else {
            var previous = bucket.pointee
            while let other = previous, other.pointee.nextInBucket != block { previous = other.pointee.nextInBucket }
            previous?.pointee.nextInBucket = block.pointee.nextInBucket
        }
        var incoming = block.pointee.incoming
        block.pointee.incoming = nil
        while let link = incoming {
            link.block.links[link.side] = nil
            incoming =
                link.side == 0 ? link.block.pointee.nextIncomingOfTaken : link.block.pointee.nextIncomingOfNotTaken
        }
    }

    /// Drops the blocks that contain or begin at one of the virtual addresses.
    func invalidate(virtual addresses: Set<UInt64>) {
        let sorted = addresses.sorted()
        for page in pages.values where page.pointee.blockCount > 0 {
            if let virtual = page.pointee.virtualPage, !sorted.hasElement(from: virtual, through: virtual | 0xFFF) {
                continue
            }
            page.pointee.removeBlocks { block in
                let start = block.pointee.virtualAddress
                guard sorted.hasElement(from: start, through: start &+ (4 &* block.pointee.count &- 1)) else {
                    return false
                }
                kill(block)
                return true
            }
        }
    }

    /// Drops all blocks.
    ///
    /// Returns the addresses of the physical pages that had code, so that their flags can be cleared.
    func removeAll() -> [UInt64] {
        let numbers = pages.keys.map { $0 << 12 }
        for page in pages.values { page.deallocate() }
        pages.removeAll(keepingCapacity: true)
        lastPage = nil
        buckets.update(repeating: nil, count: Self.bucketCount)
        used = 0
        generation += 1
        return numbers
    }
}

/// A multiplicative hash of a block's virtual and physical address.
package enum BlockHash {
    /// The number of bits of a hash.
    package static let bits = 16

    /// Returns the hash, 0 to 2^`bits` - 1.
    ///
    /// Each address has its own multiplier. The exclusive or of the two would be the same for all pages of a kernel,
    /// whose virtual and physical addresses differ by a constant.
    package static func bucket(virtual: UInt64, physical: UInt64) -> Int {
        let mixed = (physical >> 2) &* 0x9E37_79B9_7F4A_7C15 &+ (virtual >> 12) &* 0xD6E8_FEB8_6659_FD93
        return Int(truncatingIfNeeded: mixed >> UInt64(64 - bits))
    }

    fileprivate static func bucket(of block: BlockPointer) -> Int {
        bucket(virtual: block.pointee.virtualAddress, physical: block.pointee.physicalAddress)
    }
}

extension [UInt64] {
    /// Whether the sorted array has an element in a range.
    fileprivate func hasElement(from first: UInt64, through last: UInt64) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] < first { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] <= last
    }
}
