/// A row of the table of `monitor` commands.
public struct MonitorCommand: Sendable {
    /// The word that the user types.
    public var name: String
    /// The arguments that may follow the name, for the help text; empty if none may.
    public var arguments: String
    /// One line of help.
    public var help: String

    /// A row of the table.
    public init(name: String, arguments: String = "", help: String) {
        self.name = name
        self.arguments = arguments
        self.help = help
    }
}
