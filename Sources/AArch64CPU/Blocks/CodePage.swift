/// The decoded blocks of one physical page of 4 KiB.
///
/// The lists hold only blocks that can be entered. A dropped block is removed, so that look-ups do not visit it.
struct CodePage {
    /// The number of lists.
    ///
    /// A block is in the list of the 256-byte chunk it begins in; no block is longer than a chunk.
    static let listCount = 16
    private static let chunkShift: UInt64 = 8

    private var lists: InlineArray<16, BlockPointer?> = .init(repeating: nil)
    /// One bit for each of the page's 64 granules of 64 bytes, set if code in it is decoded.
    ///
    /// Blocks and the vCPUs' scratch memory count.
    private(set) var granules: UInt64 = 0
    private(set) var blockCount = 0
    /// The number of bytes stored to the page since it last had code.
    private var quietBytes: UInt64 = 0
    /// The virtual page of all blocks, or nil if they have several.
    private(set) var virtualPage: UInt64?

    /// The number of bytes stored to a page without code after which its stores are no longer tracked.
    ///
    /// Each change between tracked and not tracked costs a search of the TLBs. Code that is rewritten and run
    /// alternately must not pay that cost every time.
    private static let quietLimit: UInt64 = 512

    private static func chunk(_ physical: UInt64) -> Int { Int(truncatingIfNeeded: physical >> chunkShift & 15) }

    /// The granules that a range touches; the range must lie within the page.
    private static func granules(_ physical: UInt64, _ length: UInt64) -> UInt64 {
        let first = physical >> 6 & 63
        let last = min((physical & 0xFFF) + max(length, 1) - 1, 0xFFF) >> 6
        return (~0 << first) & (~0 >> (63 - last))
    }

    private static func granules(_ block: BlockPointer) -> UInt64 {
        granules(block.pointee.physicalAddress, 4 * block.pointee.count)
    }

    mutating func insert(_ block: BlockPointer) {
        let chunk = Self.chunk(block.pointee.physicalAddress)
        block.pointee.nextInPage = lists[chunk]
        lists[chunk] = block
        let page = block.pointee.virtualAddress & Block.pageMask
        virtualPage = blockCount == 0 || virtualPage == page ? page : nil
        blockCount += 1
    }

    /// Records that instructions in these bytes are decoded.
    mutating func note(physical: UInt64, length: UInt64) {
        granules |= Self.granules(physical, length)
        quietBytes = 0
    }

    /// Whether decoded code may lie in the range.
    func hasCode(physical: UInt64, length: UInt64) -> Bool {
        granules & Self.granules(physical, length) != 0
    }

    /// Counts a store that touched no code; true when the page's stores need no tracking any more.
    mutating func countQuiet(_ length: UInt64) -> Bool {
        guard blockCount == 0 else { return false }
        quietBytes &+= max(length, 8)
        return quietBytes >= Self.quietLimit
    }

    /// Removes the blocks that have instructions in the range, and passes each to `body`.
    mutating func removeBlocks(physical: UInt64, length: UInt64, _ body: (BlockPointer) -> Void) {
        let (first, last) = (Self.chunk(physical), Self.chunk(physical + max(length, 1) - 1))
        // A block that begins in one chunk may end in the next, and share its granules with blocks of one chunk
        // further.
        var stale = Self.granules(physical, length)
        for chunk in max(first - 1, 0)...last {
            remove(in: chunk) { block in
                let start = block.pointee.physicalAddress
                guard start < physical + length && physical < start + 4 * block.pointee.count else { return false }
                stale |= Self.granules(block)
                body(block)
                return true
            }
        }
        granules &= ~stale
        for chunk in max(first - 2, 0)...min(last + 1, Self.listCount - 1) {
            var candidate = lists[chunk]
            while let block = candidate {
                granules |= Self.granules(block)
                candidate = block.pointee.nextInPage
            }
        }
    }

    /// Removes the blocks that `isMeant` selects.
    mutating func removeBlocks(where isMeant: (BlockPointer) -> Bool) {
        for chunk in 0..<Self.listCount { remove(in: chunk, where: isMeant) }
    }

    private mutating func remove(in chunk: Int, where isMeant: (BlockPointer) -> Bool) {
        var kept: BlockPointer?
        var candidate = lists[chunk]
        lists[chunk] = nil
        while let block = candidate {
            candidate = block.pointee.nextInPage
            guard !isMeant(block) else {
                blockCount -= 1
                continue
            }
            block.pointee.nextInPage = nil
            if let kept { kept.pointee.nextInPage = block } else { lists[chunk] = block }
            kept = block
        }
    }
}
