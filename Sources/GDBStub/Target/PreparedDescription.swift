public import TargetDescription

/// A target description in the forms that sessions need, each made once, when it is first used.
///
/// Both take milliseconds for a machine with hundreds of registers.
public final class PreparedDescription {
    /// The description that the forms are made of.
    public let description: TargetDescription
    /// The bytes of target.xml.
    public private(set) lazy var document: [UInt8] = description.xml()
    /// The registers by number and packet.
    public private(set) lazy var layout = RegisterLayout(description)

    /// A description of which nothing has been made yet.
    public init(_ description: TargetDescription) {
        self.description = description
    }
}
