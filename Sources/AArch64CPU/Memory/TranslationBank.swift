/// The software TLBs and jump caches of one translation context, a pair of TTBR0_EL1 and TTBR1_EL1.
///
/// Each context has its own tables, so a switch of the address space flushes nothing: the bank of the pair is selected
/// again. Linux switches on every system call where it emulates PAN with TTBR0. EL0 and EL1 have separate tables,
/// because their permissions differ. The ASID is part of a TTBR, so no entry is shared between address spaces, global
/// or not.
struct TranslationBank {
    static let entryCount = 1024
    static let entrySize = 32
    static let jumpCount = 4096
    static let jumpSize = 16
    static let bankCount = 8

    /// Words of a TLB entry: the tags are the page's VA plus ``TagFlags``, `addend` is host address minus VA.
    static let tagRead = 0
    static let tagWrite = 1
    static let addend = 2
    static let physicalPage = 3

    /// Reasons for an access not to take the fast path.
    ///
    /// A tag with any of these flags equals no page address. They are above the low bits that show whether an address
    /// is unaligned, because the run loop compares both at once.
    struct TagFlags {
        /// Unaligned accesses fault: device memory, or SCTLR_EL1.A is set.
        static let alignedOnly: UInt64 = 1 << 4
        /// Not RAM: the access goes to the environment.
        static let isDevice: UInt64 = 1 << 5
        /// The page has decoded blocks.
        static let hasCode: UInt64 = 1 << 6
        /// A watchpoint lies in the page.
        static let isWatched: UInt64 = 1 << 7
        /// A tag that no address matches.
        static let empty = ~UInt64(0)
    }

    private static let tlbBytes = entryCount * entrySize
    private static let jumpBytes = jumpCount * jumpSize
    private static let fetchCount = 256
    private static let fetchBytes = fetchCount * 16
    private static let levelBytes = tlbBytes + jumpBytes + fetchBytes
    /// The TLB of EL1 with PAN follows the tables of EL0 and EL1.
    private static let totalBytes = 2 * levelBytes + tlbBytes
    /// The TLBs: 0 for EL0, 1 for EL1, 2 for EL1 while PSTATE.PAN is set.
    private static let tlbLevels = 0...2
    private static let codePageCount = 1 << 14

    let base: UnsafeMutableRawPointer
    var ttbr0: UInt64 = 0
    var ttbr1: UInt64 = 0
    var lastUse: UInt64 = 0
    var isInUse = false
    /// The ranges covered by entries from translation blocks larger than 4 KiB, in the lower and upper address range.
    var largeLower: ClosedRange<UInt64>?
    var largeUpper: ClosedRange<UInt64>?

    init() {
        base = .allocate(byteCount: Self.totalBytes + Self.codePageCount / 8, alignment: 64)
    }

    func deallocate() {
        base.deallocate()
    }

    /// Returns the TLB for accesses with the permissions of `level`, where 2 is EL1 with PAN.
    func tlb(level: Int) -> UnsafeMutablePointer<UInt64> {
        (base + level * Self.levelBytes).assumingMemoryBound(to: UInt64.self)
    }

    /// Returns the jump cache of `level`, which finds blocks by virtual address.
    func jumps(level: Int) -> UnsafeMutablePointer<UInt64> {
        (base + level * Self.levelBytes + Self.tlbBytes).assumingMemoryBound(to: UInt64.self)
    }

    /// Returns the pages that code at `level` has been fetched from: pairs of a virtual and a physical page.
    func fetches(level: Int) -> UnsafeMutablePointer<UInt64> {
        (base + level * Self.levelBytes + Self.tlbBytes + Self.jumpBytes).assumingMemoryBound(to: UInt64.self)
    }

    static func fetchIndex(of va: UInt64) -> Int {
        Int(truncatingIfNeeded: va >> 12) & (fetchCount - 1)
    }

    mutating func flush() {
        base.initializeMemory(as: UInt8.self, repeating: 0xFF, count: Self.totalBytes)
        flushJumps()
        largeLower = nil
        largeUpper = nil
    }

    /// Records that the jump caches have an entry for `va`.
    func recordJump(to va: UInt64) {
        let bit = Self.codePageBit(of: va)
        codePages[bit >> 6] |= 1 << UInt64(bit & 63)
    }

    private func hasJumps(toPageOf va: UInt64) -> Bool {
        let bit = Self.codePageBit(of: va)
        return codePages[bit >> 6] >> UInt64(bit & 63) & 1 != 0
    }

    private static func codePageBit(of va: UInt64) -> Int {
        Int(truncatingIfNeeded: va >> 12 ^ va >> 26) & (codePageCount - 1)
    }

    /// One bit for each hash of a page address, set if the jump caches may have entries for such a page.
    ///
    /// Most invalidated pages hold data, so their invalidation leaves the jump caches as they are.
    private var codePages: UnsafeMutablePointer<UInt64> {
        (base + Self.totalBytes).assumingMemoryBound(to: UInt64.self)
    }

    /// Empties the jump caches.
    ///
    /// An entry without a block is empty, whatever its address.
    func flushJumps() {
        codePages.update(repeating: 0, count: Self.codePageCount / 64)
        for level in 0...1 {
            (base + level * Self.levelBytes + Self.tlbBytes)
                .initializeMemory(as: UInt8.self, repeating: 0, count: Self.jumpBytes)
        }
    }

    /// Drops the entries for the page of `va`; the top byte of `va` is ignored.
    mutating func flush(va: UInt64) {
        let isUpper = va >> 55 & 1 == 1
        let stripped = va & 0x00FF_FFFF_FFFF_FFFF
        if let large = isUpper ? largeUpper : largeLower, large.contains(stripped) {
            flush()
            return
        }
        for level in Self.tlbLevels {
            let entry = tlb(level: level) + Self.index(of: va) * (Self.entrySize / 8)
            entry[Self.tagRead] = TagFlags.empty
            entry[Self.tagWrite] = TagFlags.empty
        }
        for level in 0...1 { fetches(level: level)[2 * Self.fetchIndex(of: va)] = TagFlags.empty }
        if hasJumps(toPageOf: va) { flushJumps() }
    }

    /// Records that an entry for `va` is from a translation block of `1 << shift` bytes, so that one TLBI drops all its
    /// entries.
    mutating func recordLarge(va: UInt64, shift: Int) {
        let stripped = va & 0x00FF_FFFF_FFFF_FFFF
        let size = UInt64(1) << UInt64(min(shift, 52))
        let low = stripped & ~(size - 1)
        let range = low...(low + (size - 1))
        if va >> 55 & 1 == 1 {
            largeUpper =
                largeUpper.map { min($0.lowerBound, range.lowerBound)...max($0.upperBound, range.upperBound) }
                ?? range
        } else {
            largeLower =
                largeLower.map { min($0.lowerBound, range.lowerBound)...max($0.upperBound, range.upperBound) }
                ?? range
        }
    }

    /// Makes stores to the physical page take the slow path.
    func flagCode(physicalPage page: UInt64) {
        for level in Self.tlbLevels {
            let entries = tlb(level: level)
            for index in 0..<Self.entryCount {
                let entry = entries + index * (Self.entrySize / 8)
                if entry[Self.physicalPage] == page && entry[Self.tagWrite] != TagFlags.empty {
                    entry[Self.tagWrite] |= TagFlags.hasCode
                }
            }
        }
    }

    @inline(__always)
    static func index(of va: UInt64) -> Int {
        Int(truncatingIfNeeded: va >> 12) & (entryCount - 1)
    }
}
