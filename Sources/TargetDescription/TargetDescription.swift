/// The registers of an architecture, grouped into the features of a GDB target description.
public struct TargetDescription: Sendable {
    /// The name in `<architecture>`, such as `aarch64` or `i386:x86-64`.
    public var architecture: String
    /// The name in `<osabi>`, one of those that GDB's `set osabi` accepts; nil lets the client choose.
    ///
    /// A machine has `none`. GDB then does not assume the signal frames, system calls and stack scratch space of an
    /// operating system, unless the debugged program is marked as made for one. Without the element, a GDB built for
    /// Linux assumes Linux. GDB manual, "Target Description Format".
    public var osabi: String?
    /// The features, in the order of the document.
    public var features: [Feature]

    /// Creates a description of an architecture.
    public init(architecture: String, osabi: String? = nil, features: [Feature]) {
        self.architecture = architecture
        self.osabi = osabi
        self.features = features
    }
}

/// A `<feature>` element: a group of registers with the types that they use.
public struct Feature: Sendable {
    /// The name: GDB's for a standard feature, such as `org.gnu.gdb.aarch64.core`, otherwise any other.
    public var name: String
    /// The types that the feature declares, each before its first use.
    public var types: [TypeDescription]
    /// The registers of the feature.
    public var registers: [RegisterDescription]
    /// Whether every stop reply includes the registers of the feature, because clients read them at every stop.
    ///
    /// The registers of the first feature are always included.
    public var isExpedited: Bool

    /// Creates a feature; by default, without types and not expedited.
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
    /// The kinds of type, with their contents.
    public enum Shape: Sendable {
        /// A `<flags>` type: named fields of a register of `bits` bits, which GDB shows by name.
        ///
        /// A field without a type is a `bool` if it has one bit, otherwise an unsigned integer.
        case flags(bits: Int, fields: [Field])
        /// A `<struct>` type: named fields of a register of `bits` bits.
        case `struct`(bits: Int, fields: [Field])
        /// An `<enum>` type of `bits` bits: names of values.
        case `enum`(bits: Int, values: [(name: String, value: UInt64)])
        /// A `<vector>` type: `count` elements of the type `element`.
        case vector(element: String, count: Int)
        /// A `<union>` type: alternative views of a register, by name.
        case union(members: [(name: String, type: String)])
    }

    /// A field of a `<flags>` or `<struct>` type.
    public struct Field: Sendable {
        /// The name.
        public var name: String
        /// The positions of the lowest and the highest bit.
        public var bits: ClosedRange<Int>
        /// A predefined type or the id of a type declared earlier; nil lets GDB choose by the number of bits.
        public var type: String?

        /// Creates a field.
        public init(_ name: String, _ bits: ClosedRange<Int>, type: String? = nil) {
            self.name = name
            self.bits = bits
            self.type = type
        }
    }

    /// The name by which registers, fields and other types refer to the type.
    public var id: String
    /// The kind and the contents of the type.
    public var shape: Shape

    /// Creates a type with the given id.
    public init(_ id: String, _ shape: Shape) {
        self.id = id
        self.shape = shape
    }
}
