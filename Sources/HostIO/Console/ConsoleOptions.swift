/// Where the guest's serial port goes: what `--serial` names.
package enum ConsoleEndpoint: Equatable, Sendable {
    /// Standard input and output; a terminal is put into raw mode.
    case stdio
    /// Output to a file, which is emptied first; no input.
    case file(path: String)
    /// A Unix-domain socket that serves one client at a time; output without a client is dropped.
    case unix(path: String)
    case none

    /// Reads `stdio`, `file:PATH`, `unix:PATH` or `none`; nil if it is none of these.
    package init?(_ text: String) {
        switch text {
        case "stdio": self = .stdio
        case "none": self = .none
        case _ where text.hasPrefix("file:") && text.utf8.count > 5: self = .file(path: String(text.dropFirst(5)))
        case _ where text.hasPrefix("unix:") && text.utf8.count > 5:
            let path = String(text.dropFirst(5))
            guard path.utf8.count < DebugEndpoint.longestUnixPath else { return nil }
            self = .unix(path: path)
        default: return nil
        }
    }
}
