/// The paging mode, which determines the translation of linear addresses (SDM volume 3A, "Four Paging Modes").
public enum PagingMode: Hashable, Sendable, CaseIterable {
    /// CR0.PG is 0: linear addresses, 32 bits of them, are physical ones.
    case off
    /// Two levels of 4-byte entries.
    case bits32
    /// Three levels of 8-byte entries, of which the first has four.
    case pae
    case fourLevel
    case fiveLevel

    init(_ registers: PagingRegisters) {
        guard registers.cr0[bit: 31] else {
            self = .off
            return
        }
        guard registers.cr4[bit: 5] else {
            self = .bits32
            return
        }
        // LMA, not LME: it is what a vCPU's state has once paging is on.
        guard registers.efer[bit: 10] else {
            self = .pae
            return
        }
        self = registers.cr4[bit: 12] ? .fiveLevel : .fourLevel
    }

    /// The number of the table that CR3 names, counted from the page tables, which are 1.
    public var levels: Int {
        switch self {
        case .off: 0
        case .bits32: 2
        case .pae: 3
        case .fourLevel: 4
        case .fiveLevel: 5
        }
    }

    /// How many bits a linear address has.
    var linearBits: Int {
        switch self {
        case .off, .bits32, .pae: 32
        case .fourLevel: 48
        case .fiveLevel: 57
        }
    }

    /// The linear address bits that choose an entry in a table of that level.
    func indexBits(level: Int) -> ClosedRange<Int> {
        switch (self, level) {
        case (.bits32, 2): 22...31
        case (.bits32, _): 12...21
        case (.pae, 3): 30...31
        default: (3 + 9 * level)...(11 + 9 * level)
        }
    }

    var entrySize: UInt64 { self == .bits32 ? 4 : 8 }
}

/// The registers that paging depends on.
public struct PagingRegisters: Hashable, Sendable {
    public var cr0: UInt64
    public var cr3: UInt64
    public var cr4: UInt64
    public var efer: UInt64
    /// MAXPHYADDR: CPUID.80000008H:EAX[7:0].
    public var physicalAddressBits: Int

    public init(cr0: UInt64, cr3: UInt64, cr4: UInt64, efer: UInt64, physicalAddressBits: Int) {
        self.cr0 = cr0
        self.cr3 = cr3
        self.cr4 = cr4
        self.efer = efer
        self.physicalAddressBits = min(max(physicalAddressBits, 32), 52)
    }
}
