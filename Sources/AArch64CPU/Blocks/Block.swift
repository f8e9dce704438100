/// The header of a decoded block; its operations follow it in memory.
///
/// A block is a sequence of instructions in one 4 KiB page, at one virtual and one physical address. Its memory stays
/// valid until the whole cache is emptied, so links and jump caches may still point at a dropped block.
struct Block {
    /// The maximum number of instructions in a block.
    static let maximumLength = 64
    static let pageMask: UInt64 = ~0xFFF

    // The two successors, nil until linked. Only successors in the block's own page are linked: the mapping of that
    // page is the one by which the block was entered, while that of another page may differ between contexts.
    var taken: BlockPointer?
    var notTaken: BlockPointer?
    var virtualAddress: UInt64
    var physicalAddress: UInt64
    /// The number of instructions decoded into the block.
    var count: UInt64 = 0
    /// The target address of the block's last branch.
    var takenAddress: UInt64 = 0
    var nextInBucket: BlockPointer?
    var nextInPage: BlockPointer?
    // The list of links to the block, and for each of its own two links the next link to the same successor, so that
    // dropping a block clears every link to it.
    var incoming: BlockLink?
    var nextIncomingOfTaken: BlockLink?
    var nextIncomingOfNotTaken: BlockLink?
    var isDead = false

    init(virtualAddress: UInt64, physicalAddress: UInt64) {
        self.virtualAddress = virtualAddress
        self.physicalAddress = physicalAddress
    }
}

typealias BlockPointer = UnsafeMutablePointer<Block>

/// A block and one of its two exits, in one word.
///
/// Blocks are aligned, so the lowest bit can hold the side.
struct BlockLink {
    private let address: UInt

    /// - Parameter side: 0 for the branch taken, 1 for the branch not taken.
    init(_ block: BlockPointer, side: Int) {
        address = UInt(bitPattern: block) | UInt(truncatingIfNeeded: side)
    }

    // SAFETY: made from a block's pointer, and kept only as long as the arena is not emptied.
    var block: BlockPointer { BlockPointer(bitPattern: address & ~1).unsafelyUnwrapped }
    var side: Int { Int(truncatingIfNeeded: address & 1) }
}

extension UnsafeMutablePointer where Pointee == Block {
    @inline(__always)
    var operations: OperationPointer {
        UnsafeMutableRawPointer(self + 1).assumingMemoryBound(to: Operation.self)
    }

    /// The virtual address after the block's last instruction.
    var end: UInt64 { pointee.virtualAddress &+ 4 &* pointee.count }

    /// The links as an array: 0 for the branch taken, 1 for the branch not taken.
    @inline(__always)
    var links: UnsafeMutablePointer<BlockPointer?> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: BlockPointer?.self)
    }
}
