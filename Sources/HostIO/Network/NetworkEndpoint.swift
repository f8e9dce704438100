/// Where the guest's network card is connected to: what `--net` names.
package enum NetworkEndpoint: Equatable, Sendable {
    /// A passt of the machine's own: the host's network without privileges.
    case passt
    /// A tap interface of the host's.
    case tap(name: String)
    /// A Unix-domain stream socket that another program serves: passt, or QEMU's `-netdev stream`.
    case unix(path: String)

    /// Reads `passt`, `tap:NAME` or `unix:PATH`; nil if it is none of these.
    package init?(_ text: String) {
        switch text {
        case "passt": self = .passt
        case _ where text.hasPrefix("tap:"):
            let name = String(text.dropFirst(4))
            // Linux, net/core/dev.c, dev_valid_name(); a `%d` in it would be a pattern for a new name.
            guard (1...15).contains(name.utf8.count), name != ".", name != "..",
                name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !Self.notInNames.contains($0) })
            else { return nil }
            self = .tap(name: name)
        case _ where text.hasPrefix("unix:"):
            let path = String(text.dropFirst(5))
            guard !path.isEmpty, path.utf8.count < DebugEndpoint.longestUnixPath else { return nil }
            self = .unix(path: path)
        default: return nil
        }
    }

    private static let notInNames = Array("/:%".utf8)
}
