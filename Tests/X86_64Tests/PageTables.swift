import GuestAddresses
import X86_64

/// Page tables in a dictionary, laid out by the SDM's figures (volume 3A, figures 4-2 to 4-10) rather than by arithmetic.
struct PageTables {
    static let present: UInt64 = 1
    static let write: UInt64 = 2
    static let user: UInt64 = 4
    static let accessed: UInt64 = 0x20
    static let dirty: UInt64 = 0x40
    static let pageSize: UInt64 = 0x80
    static let global: UInt64 = 0x100
    static let noExecute: UInt64 = 1 << 63

    private(set) var words: [UInt64: UInt32] = [:]
    private var nextTable: UInt64

    init(firstTable: UInt64 = 0x10_0000) { nextTable = firstTable }

    mutating func newTable() -> UInt64 {
        defer { nextTable += 0x1000 }
        return nextTable
    }

    mutating func put(_ entry: UInt64, at place: UInt64, size: Int = 8) {
        words[place] = UInt32(truncatingIfNeeded: entry)
        if size == 8 { words[place + 4] = UInt32(truncatingIfNeeded: entry >> 32) }
    }

    /// Eight bytes at a multiple of eight; nil where nothing was put.
    func read(_ address: PhysicalAddress) -> UInt64? {
        let place = address.rawValue
        guard place & 7 == 0, words[place] != nil || words[place + 4] != nil else { return nil }
        return UInt64(words[place] ?? 0) | UInt64(words[place + 4] ?? 0) << 32
    }

    /// Bits 56:48, 47:39, 38:30, 29:21 and 20:12, with a table's entry for each; the last names the page.
    mutating func map(
        _ address: UInt64, to page: UInt64, root: UInt64, levels: Int, leafLevel: Int = 1,
        entryBits: UInt64 = present | write | user | accessed, leafBits: UInt64 = present | write | user | accessed
    ) {
        let shifts: [Int: UInt64] = [5: 48, 4: 39, 3: 30, 2: 21, 1: 12]
        var table = root
        for level in stride(from: levels, through: leafLevel, by: -1) {
            guard let shift = shifts[level] else { return }
            let place = table + ((address >> shift) & 0x1ff) * 8
            if level == leafLevel {
                put(page | leafBits | (level > 1 ? Self.pageSize : 0), at: place)
            } else if let old = read(PhysicalAddress(place)), old & 1 != 0 {
                table = old & 0x000f_ffff_ffff_f000
            } else {
                let next = newTable()
                put(next | entryBits, at: place)
                table = next
            }
        }
    }
}

/// Registers for a walk, in the form a test writes them.
struct PagingSettings {
    static let pg: UInt64 = 1 << 31 | 1
    static let pse: UInt64 = 1 << 4
    static let pae: UInt64 = 1 << 5
    static let pge: UInt64 = 1 << 7
    static let la57: UInt64 = 1 << 12
    static let pcide: UInt64 = 1 << 17
    static let long: UInt64 = 1 << 8 | 1 << 10
    static let nxe: UInt64 = 1 << 11

    var cr0 = pg
    var cr3: UInt64 = 0
    var cr4: UInt64 = pae | pge
    var efer: UInt64 = long | nxe
    var bits = 46

    var paging: Paging {
        Paging(PagingRegisters(cr0: cr0, cr3: cr3, cr4: cr4, efer: efer, physicalAddressBits: bits))
    }
}
