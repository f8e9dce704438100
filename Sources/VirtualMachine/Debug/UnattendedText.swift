import HostIO

/// Text that commands of breakpoints print after their client has left: shown to the user line by line, up to a number of
/// lines per second.
package struct UnattendedText {
    private var splitter = LineSplitter()
    private var limit = LineRateLimit()

    package init() {}

    /// Takes text that may end within a line, and shows the lines that are complete.
    package mutating func add(_ text: [UInt8], _ show: (String) -> Void) {
        var lines: [String] = []
        splitter.add(text) { lines.append($0) }
        for line in lines { limit.pass(line, show) }
    }
}
