import NumberText

/// The address space that a breakpoint is bound to, by what a vCPU's registers say of the current one.
///
/// The table is what names a process: it stays the same for as long as the process lives, while an operating system
/// that runs out of ASIDs assigns them again, and has two for each process where it isolates the kernel's tables.
public struct AddressSpaceBinding: Hashable, Sendable {
    /// The required value of TTBR0_EL1 without the ASID and CnP; nil if any value matches.
    public let table: UInt64?
    /// The current ASID, wherever TCR_EL1.A1 says it is; nil if that doesn't matter.
    public let asid: UInt16?

    /// - Parameter table: a value of TTBR0_EL1 without ASID and CnP.
    public init(table: UInt64?, asid: UInt16?) {
        self.table = table
        self.asid = asid
    }

    /// - Parameter ttbr0: a value of TTBR0_EL1, of which only the table counts.
    public init(ttbr0: UInt64?, asid: UInt16? = nil) {
        table = ttbr0.map { Self.table(of: $0) }
        self.asid = asid
    }

    /// TTBRn_EL1.BADDR, bits 47 to 1, where it stands (Arm ARM, "TTBR0_EL1, Translation Table Base Register 0 (EL1)").
    ///
    /// With 52-bit addresses its low bits are high ones of the address, which makes no difference to a comparison.
    public static func table(of ttbr: UInt64) -> UInt64 { ttbr & 0x0000_ffff_ffff_fffe }

    /// Whether a vCPU with these registers is in the address space.
    public func matches(ttbr0: UInt64, ttbr1: UInt64, tcr: TCR) -> Bool {
        if let table, table != Self.table(of: ttbr0) { return false }
        if let asid, asid != tcr.asid(ttbr0: ttbr0, ttbr1: ttbr1) { return false }
        return true
    }

    /// The binding for a person, such as `table 0x41234000 in TTBR0_EL1, ASID 0x43`.
    public var text: String {
        let words = [
            table.map { "table \(hexadecimal($0)) in TTBR0_EL1" }, asid.map { "ASID \(hexadecimal(UInt64($0)))" },
        ]
        let known = words.compactMap { $0 }
        return known.isEmpty ? "any address space" : known.joined(separator: ", ")
    }
}
