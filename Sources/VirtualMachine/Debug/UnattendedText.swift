import HostIO

/// Text that breakpoint commands print after their client has disconnected.
///
/// Shown to the user line by line, up to a number of lines per second.
package struct UnattendedText {
    private var splitter = LineSplitter()
    private var limit = LineRateLimit()

    /// No text.
    package init() {}

    /// Adds text, which may end within a line, and shows the complete lines.
    package mutating func add(_ text: [UInt8], _ show: (String) -> Void) {
        var lines: [String] = []
        splitter.add(text) { lines.append($0) }
        for line in lines { limit.pass(line, show) }
    }
}
