/// A row of the table of `monitor` commands.
public struct MonitorCommand: Sendable {
    /// The name of the command, one word.
    public var name: String
    /// The arguments, as the help text shows them; empty if the command takes none.
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
