/// A range of addresses that are all alike: mapped with the same rights, or not mapped.
///
/// Areas that follow one another cover the whole address space, holes included.
public struct MemoryArea: Equatable, Sendable {
    public struct Rights: OptionSet, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let read = Rights(rawValue: 1)
        public static let write = Rights(rawValue: 2)
        public static let execute = Rights(rawValue: 4)
    }

    public var first: UInt64
    /// The last address, which is part of it.
    public var last: UInt64
    /// Nil for a hole.
    public var rights: Rights?
    /// What is there, such as `RAM`; nil if that can't be said in a word.
    public var name: String?

    public init(first: UInt64, last: UInt64, rights: Rights?, name: String? = nil) {
        self.first = first
        self.last = last
        self.rights = rights
        self.name = name
    }
}

/// A row of the memory map GDB works with (GDB manual, "Memory Map Format").
public struct MemoryMapEntry: Equatable, Sendable {
    public enum Kind: String, Sendable {
        // The raw values are the document's words.
        case ram
        /// GDB sets hardware breakpoints there, and writes nothing.
        case rom
    }

    public var kind: Kind
    public var start: UInt64
    public var length: UInt64

    public init(_ kind: Kind, start: UInt64, length: UInt64) {
        self.kind = kind
        self.start = start
        self.length = length
    }
}
