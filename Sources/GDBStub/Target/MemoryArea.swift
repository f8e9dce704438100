/// A range of addresses that are all alike: mapped with the same rights, or not mapped.
///
/// Areas that follow one another cover the whole address space, holes included.
public struct MemoryArea: Equatable, Sendable {
    /// A set of access rights.
    public struct Rights: OptionSet, Sendable {
        /// The rights as bits: 1 read, 2 write, 4 execute.
        public let rawValue: UInt8

        /// The rights with these bits.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The area can be read.
        public static let read = Rights(rawValue: 1)
        /// The area can be written.
        public static let write = Rights(rawValue: 2)
        /// Instructions can be fetched from the area.
        public static let execute = Rights(rawValue: 4)
    }

    /// The area's first address.
    public var first: UInt64
    /// The last address, which is part of it.
    public var last: UInt64
    /// Nil for a hole.
    public var rights: Rights?
    /// The kind of memory, such as `RAM`; nil if no word describes it.
    public var name: String?

    /// An area from its first to its last address, both included; without rights if nothing is there.
    public init(first: UInt64, last: UInt64, rights: Rights?, name: String? = nil) {
        self.first = first
        self.last = last
        self.rights = rights
        self.name = name
    }
}

/// A row of the memory map GDB works with (GDB manual, "Memory Map Format").
public struct MemoryMapEntry: Equatable, Sendable {
    /// The kinds of memory in GDB's memory map.
    public enum Kind: String, Sendable {
        // The raw values are the document's words.
        /// Memory that can be read and written.
        case ram
        /// GDB sets hardware breakpoints there, and writes nothing.
        case rom
    }

    /// The kind of memory.
    public var kind: Kind
    /// The first address.
    public var start: UInt64
    /// The size, in bytes.
    public var length: UInt64

    /// Memory from an address on, of a size in bytes.
    public init(_ kind: Kind, start: UInt64, length: UInt64) {
        self.kind = kind
        self.start = start
        self.length = length
    }
}
