/// A range of addresses that are mapped with the same rights, or are all unmapped.
///
/// Adjacent areas cover the whole address space, including holes.
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
    /// The area's last address, which belongs to it.
    public var last: UInt64
    /// The access rights; nil for a hole.
    public var rights: Rights?
    /// The kind of memory, such as `RAM`; nil if unknown.
    public var name: String?

    /// An area from its first to its last address, both included.
    ///
    /// Nil rights make a hole.
    public init(first: UInt64, last: UInt64, rights: Rights?, name: String? = nil) {
        self.first = first
        self.last = last
        self.rights = rights
        self.name = name
    }
}

/// A row of GDB's memory map (GDB manual, "Memory Map Format").
public struct MemoryMapEntry: Equatable, Sendable {
    /// The kinds of memory in GDB's memory map.
    public enum Kind: String, Sendable {
        // The raw values are the words of the document.
        /// Memory that can be read and written.
        case ram
        /// Memory that cannot be written. GDB uses hardware breakpoints there.
        case rom
    }

    /// The kind of memory.
    public var kind: Kind
    /// The first address of the range.
    public var start: UInt64
    /// The size of the range, in bytes.
    public var length: UInt64

    /// A range of `length` bytes that begins at `start`.
    public init(_ kind: Kind, start: UInt64, length: UInt64) {
        self.kind = kind
        self.start = start
        self.length = length
    }
}
