import AArch64
import Acceleration
import Execution
import GuestAddresses
import GuestMemory
import Testing
import X86_64

/// Guest memory with translation tables that a test writes into it.
///
/// A 4 KiB granule with 48 address bits on AArch64 (Arm ARM, DDI 0487, D8.2) and 4-level paging on x86-64 (SDM
/// volume 3A, figure 4-8) look up the same address bits: 47:39, 38:30, 29:21 and 20:12. Only the entries differ.
struct TranslatedGuest {
    enum Architecture: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case aarch64, x86_64

        var testDescription: String { rawValue }

        /// The last page of the lower half: 48 bits on AArch64, 47 below the noncanonical addresses on x86-64.
        var lastLowerPage: UInt64 { self == .aarch64 ? 0xffff_ffff_f000 : 0x7fff_ffff_f000 }

        // AArch64: AF, and 0b11 for a page (D8.3). x86-64: A, R/W and P (table 4-20).
        var pageBits: UInt64 { self == .aarch64 ? 1 << 10 | 0b11 : 0x23 }
        // AArch64: AF, and 0b01 for a block. x86-64: PS with the bits of a page (table 4-18).
        var blockBits: UInt64 { self == .aarch64 ? 1 << 10 | 0b01 : 0xa3 }
        // AArch64: 0b11 for a table. x86-64: R/W and P (table 4-19).
        var tableBits: UInt64 { self == .aarch64 ? 0b11 : 0x3 }
    }

    /// RAM ends in the middle of a 2 MiB block, so that a block can reach beyond it.
    static let ram: Range<UInt64> = 0x4000_0000..<0x4070_0000
    /// 4 KiB, directly below RAM.
    static let flash: UInt64 = 0x3fff_f000
    /// Where the machine `virt` has its UART: no memory.
    static let device: UInt64 = 0x0900_0000

    let architecture: Architecture
    let memory = GuestMemory()
    private(set) var lowerRoot: UInt64 = 0
    private(set) var upperRoot: UInt64 = 0
    private var nextTable = ram.lowerBound

    init(_ architecture: Architecture) throws {
        self.architecture = architecture
        try memory.addRegion(name: "flash", kind: .flash, base: PhysicalAddress(Self.flash), size: 0x1000)
        try memory.addRegion(
            name: "RAM", kind: .ram, base: PhysicalAddress(Self.ram.lowerBound),
            size: Self.ram.upperBound - Self.ram.lowerBound)
        lowerRoot = newTable()
        // One table for both halves on x86-64, TTBR1_EL1's own on AArch64.
        upperRoot = architecture == .aarch64 ? newTable() : lowerRoot
    }

    mutating func newTable() -> UInt64 {
        defer { nextTable += 0x1000 }
        return nextTable
    }

    /// Two tables in one pair of pages, as Linux has those of kernel page-table isolation on x86-64.
    mutating func newTablePair() -> (even: UInt64, odd: UInt64) {
        nextTable = (nextTable + 0x1fff) & ~0x1fff
        return (newTable(), newTable())
    }

    func store(_ value: UInt64, at address: UInt64) throws {
        try memory.write(PhysicalAddress(address), (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }

    func load(_ address: UInt64) throws -> UInt64 {
        try memory.read(PhysicalAddress(address), count: 8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Maps a 4 KiB page, or a 2 MiB block.
    mutating func map(_ address: UInt64, to output: UInt64, isBlock: Bool = false, in root: UInt64? = nil) throws {
        var table = root ?? (address >> 63 == 0 ? lowerRoot : upperRoot)
        let leaf: UInt64 = isBlock ? 21 : 12
        for shift: UInt64 in [39, 30, 21, 12] {
            let place = table + (address >> shift & 0x1ff) * 8
            if shift == leaf {
                try store(output | (isBlock ? architecture.blockBits : architecture.pageBits), at: place)
                return
            }
            let entry = try load(place)
            if entry == 0 {
                table = newTable()
                try store(table | architecture.tableBits, at: place)
            } else {
                table = entry & 0xffff_ffff_f000
            }
        }
    }

    /// Memory by virtual address.
    var space: any AddressSpace {
        switch architecture {
        case .aarch64:
            AArch64AddressSpace(
                memory: memory, regime: Self.registers(ttbr0: lowerRoot, ttbr1: upperRoot, vbar: 0).regime)
        case .x86_64: X86_64AddressSpace(memory, paging: X86Paging(paging: Self.paging(cr3: lowerRoot), lstar: 0))
        }
    }

    /// Memory by physical address.
    var physicalSpace: any AddressSpace {
        switch architecture {
        case .aarch64: AArch64AddressSpace(physical: memory)
        case .x86_64: X86_64AddressSpace(memory, paging: nil)
        }
    }

    /// SCTLR_EL1.M; TCR_EL1: T0SZ and T1SZ 16, TG0 and TG1 4 KiB, A1, 48 bits of IPS, AS.
    static func registers(ttbr0: UInt64, ttbr1: UInt64, vbar: UInt64) -> TranslationRegisters {
        TranslationRegisters(
            sctlr: SCTLR(rawValue: 1), tcr: TCR(rawValue: tcr), ttbr0: ttbr0, ttbr1: ttbr1, mair: 0xff, vbar: vbar,
            features: .armv8_0, physicalAddressBits: 48)
    }

    static let tcr: UInt64 = 1 << 36 | 0b101 << 32 | 0b10 << 30 | 1 << 22 | 16 << 16 | 16

    /// CR0: PG and PE; CR4: PAE; IA32_EFER: NXE, LMA and LME.
    static func paging(cr0: UInt64 = 0x8000_0001, cr3: UInt64) -> Paging {
        Paging(PagingRegisters(cr0: cr0, cr3: cr3, cr4: 0x20, efer: 0xd00, physicalAddressBits: 46))
    }
}
