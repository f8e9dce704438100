/// An architecture's registers, grouped into the features of GDB's target description.
public struct TargetDescription: Sendable {
    /// The name in `<architecture>`, such as `aarch64` or `i386:x86-64`.
    public var architecture: String
    /// The name in `<osabi>`, one of those of GDB's `set osabi` (GDB manual, "Target Description Format"); nil leaves it to
    /// the client.
    ///
    /// A machine says `none`. GDB then expects no operating system's signal frames, system calls and scratch space on the
    /// guest's stack, unless the program it debugs says that it is for one; GDBs made for Linux expect Linux otherwise.
    public var osabi: String?
    /// The features, in the order of target.xml.
    public var features: [Feature]

    /// A description of these features.
    public init(architecture: String, osabi: String? = nil, features: [Feature]) {
        self.architecture = architecture
        self.osabi = osabi
        self.features = features
    }
}

/// One `<feature>`: a standard one by its GDB name, or one of ours.
public struct Feature: Sendable {
    /// The name.
    public var name: String
    /// The types that the registers use, declared before them.
    public var types: [TypeDescription]
    /// The registers, in the order of target.xml.
    public var registers: [RegisterDescription]
    /// Whether every stop reply carries these registers, because clients ask for them at every stop.
    ///
    /// The first feature's are always sent.
    public var isExpedited: Bool

    /// A feature of these types and registers.
    public init(
        _ name: String, types: [TypeDescription] = [], registers: [RegisterDescription], isExpedited: Bool = false
    ) {
        self.name = name
        self.types = types
        self.registers = registers
        self.isExpedited = isExpedited
    }
}

/// A type that a feature declares before its registers (GDB manual, "Target Description Format", "Types").
public struct TypeDescription: Sendable {
    /// The kinds of type that target.xml can declare.
    public enum Shape: Sendable {
        /// Named bit ranges in a register of `bits` bits; an unnamed type means `bool` or `uint`.
        case flags(bits: Int, fields: [Field])
        /// Bit fields in a value of `bits` bits.
        case `struct`(bits: Int, fields: [Field])
        /// Names of values in a value of `bits` bits.
        case `enum`(bits: Int, values: [(name: String, value: UInt64)])
        /// A number of elements of one type.
        case vector(element: String, count: Int)
        /// Several views of the same bits.
        case union(members: [(name: String, type: String)])
    }

    /// A named range of bits.
    public struct Field: Sendable {
        /// The name.
        public var name: String
        /// The bits, counted from the lowest.
        public var bits: ClosedRange<Int>
        /// A predefined type or an id declared earlier; nil lets GDB choose by width.
        public var type: String?

        /// A field of a name and a range of bits, counted from the lowest.
        public init(_ name: String, _ bits: ClosedRange<Int>, type: String? = nil) {
            self.name = name
            self.bits = bits
            self.type = type
        }
    }

    /// The name by which registers and fields refer to the type.
    public var id: String
    /// The type's structure.
    public var shape: Shape

    /// A type with the name that registers and fields refer to.
    public init(_ id: String, _ shape: Shape) {
        self.id = id
        self.shape = shape
    }
}
