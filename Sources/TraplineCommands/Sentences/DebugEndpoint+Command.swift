import HostIO

extension DebugEndpoint {
    /// The GDB command that reaches the stub, with the port really bound.
    package func command(boundPort: UInt16) -> String {
        switch self {
        case .tcp(let host, _):
            "target remote " + (host.contains(":") ? "[\(host)]" : host) + ":\(boundPort)"
        case .unix(let path): "target remote \(path)"
        case .pipe: "target remote | trapline run … --gdb -"
        }
    }
}
