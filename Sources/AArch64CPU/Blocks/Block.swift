/// The head of a decoded block; its operations follow it in memory.
///
/// A block is a run of instructions in one 4 KiB page, at one virtual and one physical address. Its memory stays valid
/// until the cache is emptied as a whole, so that links and jump caches may point at a block that has died.
struct Block {
    /// The most instructions in a block.
    static let maximumLength = 64
    static let pageMask: UInt64 = ~0xFFF

    // The two ways out, nil until linked. Only addresses in the block's own page are ever linked: the page's mapping
    // is known to be the one the block was entered by, while another page's may differ from context to context.
    var taken: BlockPointer?
    var notTaken: BlockPointer?
    var virtualAddress: UInt64
    var physicalAddress: UInt64
    /// How many instructions it stands for.
    var count: UInt64 = 0
    /// Where its last branch goes.
    var takenAddress: UInt64 = 0
    var nextInBucket: BlockPointer?
    var nextInPage: BlockPointer?
    // Where links to the block are, and for each of its own two links the next one to the same block: a
    // dropped block takes back every link to it.
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

/// One of the two ways out of a block, in one word: blocks are aligned, so the lowest bit can say which.
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

    /// The virtual address behind the block.
    var end: UInt64 { pointee.virtualAddress &+ 4 &* pointee.count }

    /// The links as an array: 0 the branch taken, 1 not.
    @inline(__always)
    var links: UnsafeMutablePointer<BlockPointer?> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: BlockPointer?.self)
    }
}
