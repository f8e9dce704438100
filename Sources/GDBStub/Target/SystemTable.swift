/// A table of `info os` in GDB (GDB manual, "Operating System Information").
public struct SystemTable: Equatable, Sendable {
    /// The argument of `info os` that selects this table.
    public var name: String
    /// One line of help.
    public var help: String
    /// The names of the columns.
    public var columns: [String]
    /// The rows.
    ///
    /// Each has one value for each column.
    public var rows: [[String]]

    /// A table of text.
    ///
    /// Each row has one value for each column.
    public init(name: String, help: String, columns: [String], rows: [[String]]) {
        self.name = name
        self.help = help
        self.columns = columns
        self.rows = rows
    }
}
