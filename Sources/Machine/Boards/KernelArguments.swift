/// The arguments that a board adds to the kernel's command line.
///
/// Each is added only if the user's command line does not set the same parameter.
package struct KernelArguments: Sendable {
    /// The argument if the UART is the console.
    package var serial: String?
    /// The argument if the virtio console is the console.
    package var virtio: String?
    /// The argument if there is a disk.
    package var disk: String?

    /// Returns a command line with the arguments added that it does not set itself.
    func amend(_ line: String, console: ConsoleKind, hasDisk: Bool) -> String {
        let given = line.split(separator: " ").map { $0.prefix { $0 != "=" } }
        let additions = [console == .serial ? serial : virtio, hasDisk ? disk : nil].compactMap(\.self).filter {
            !given.contains($0.prefix { $0 != "=" })
        }
        return ([line] + additions).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
