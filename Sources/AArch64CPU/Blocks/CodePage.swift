/// The decoded blocks of one physical page of 4 KiB.
///
/// Its lists have only blocks that can be entered: a dropped block is taken out, so that no later look-up passes it.
struct CodePage {
    /// How many lists there are, by the place where a block begins: one for every 256 bytes, the most a block has.
    static let listCount = 16
    private static let chunkShift: UInt64 = 8

    private var lists: InlineArray<16, BlockPointer?> = .init(repeating: nil)
    /// Which of its 64 granules of 64 bytes have code, decoded in blocks or in a vCPU's scratch memory.
    private(set) var granules: UInt64 = 0
    private(set) var blockCount = 0
    /// The bytes stored since there was code.
    private var quietBytes: UInt64 = 0
    /// The virtual page of all blocks, or nil where they have several.
    private(set) var virtualPage: UInt64?

    /// The number of bytes stored to a page without code after which its stores are no longer watched.
    ///
    /// Each change between the two states costs a search of the TLBs, which code that is rewritten and run by turns
    /// must not pay every time.
    private static let quietLimit: UInt64 = 512

    private static func chunk(_ physical: UInt64) -> Int { Int(truncatingIfNeeded: physical >> chunkShift & 15) }

    /// The granules that a range touches, which must not leave the page.
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

    /// Notes that instructions in these bytes are decoded somewhere.
    mutating func note(physical: UInt64, length: UInt64) {
        granules |= Self.granules(physical, length)
        quietBytes = 0
    }

    /// Whether a store to the range can change decoded code.
    func hasCode(physical: UInt64, length: UInt64) -> Bool {
        granules & Self.granules(physical, length) != 0
    }

    /// Counts a store that met no code; true when there have been enough of them to forget the page.
    mutating func countQuiet(_ length: UInt64) -> Bool {
        guard blockCount == 0 else { return false }
        quietBytes &+= max(length, 8)
        return quietBytes >= Self.quietLimit
    }

    /// Takes out the blocks that have instructions in the range, and gives each to `body`.
    mutating func removeBlocks(physical: UInt64, length: UInt64, _ body: (BlockPointer) -> Void) {
        let (first, last) = (Self.chunk(physical), Self.chunk(physical + max(length, 1) - 1))
        // A block that begins in one chunk may end in the next. Its granules may be those of blocks one chunk further.
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

    /// Takes out the blocks that `isMeant` names.
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
