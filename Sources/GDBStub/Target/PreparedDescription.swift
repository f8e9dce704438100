public import TargetDescription

/// A target description in the forms that sessions need, each made on first use.
///
/// Making both takes milliseconds for a machine with hundreds of registers.
public final class PreparedDescription {
    /// The target description.
    public let description: TargetDescription
    /// The bytes of `target.xml`.
    public private(set) lazy var document: [UInt8] = description.xml()
    /// The layout of the registers: by number, and in packets.
    public private(set) lazy var layout = RegisterLayout(description)

    /// A prepared description, with no form made yet.
    public init(_ description: TargetDescription) {
        self.description = description
    }
}
