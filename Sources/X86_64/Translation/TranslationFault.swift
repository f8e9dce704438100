/// Why a linear address leads nowhere.
public struct TranslationFault: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The address's upper bits are not copies of the highest one that counts, or beyond 32 bits where only those
        /// do.
        case notCanonical
        /// An entry's bit 0 is clear.
        case notPresent
        /// An entry has a bit set that must be clear.
        case reservedBit
        /// An entry lies where no memory is.
        case unreadableEntry
    }

    public var kind: Kind
    /// The level of the table with the entry, 5 to 1; 0 for an address that no table was asked about.
    public var level: Int

    public init(_ kind: Kind, level: Int) {
        self.kind = kind
        self.level = level
    }

    /// The fault in words, such as `no PDE is present`.
    public var text: String {
        switch kind {
        case .notCanonical: "not a canonical address in this paging mode"
        case .notPresent: "not mapped: the \(Self.entryName(level)) is not present"
        case .reservedBit: "not mapped: the \(Self.entryName(level)) has reserved bits set"
        case .unreadableEntry: "the \(Self.entryName(level)) lies outside of memory"
        }
    }

    /// The name of the entries of a level (SDM volume 3A, table 4-2).
    static func entryName(_ level: Int) -> String {
        switch level {
        case 5: "PML5E"
        case 4: "PML4E"
        case 3: "PDPTE"
        case 2: "PDE"
        default: "PTE"
        }
    }
}
