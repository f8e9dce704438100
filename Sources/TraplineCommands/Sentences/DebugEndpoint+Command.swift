import HostIO

extension DebugEndpoint {
    /// Returns the GDB command that connects to the stub.
    ///
    /// - Parameter boundPort: The port that is really bound, which differs from the requested port if that is 0.
    package func command(boundPort: UInt16) -> String {
        switch self {
        case .tcp(let host, _):
            "target remote " + (host.contains(":") ? "[\(host)]" : host) + ":\(boundPort)"
        case .unix(let path): "target remote \(path)"
        case .pipe: "target remote | trapline run … --gdb -"
        }
    }
}
