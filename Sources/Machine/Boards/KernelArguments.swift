/// The arguments that a machine adds to the kernel's command line, each unless the user has set it.
package struct KernelArguments: Sendable {
    /// When the UART is the console.
    package var serial: String?
    /// When the virtio console is.
    package var virtio: String?
    /// When there is a disk.
    package var disk: String?

    /// The command line as the kernel gets it.
    func amend(_ line: String, console: ConsoleKind, hasDisk: Bool) -> String {
        let given = line.split(separator: " ").map { $0.prefix { $0 != "=" } }
        let additions = [console == .serial ? serial : virtio, hasDisk ? disk : nil].compactMap(\.self).filter {
            !given.contains($0.prefix { $0 != "=" })
        }
        return ([line] + additions).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
