import Foundation

/// A terminal of a test's own, to see what a program does to the terminal it is started in.
package final class PseudoTerminal {
    private let controller: CInt
    /// Held open, so that the terminal and its mode stay when the program has gone.
    private let terminal: CInt
    /// The device file a program opens.
    package let path: String
    private var received: [UInt8] = []

    package init() throws {
        // posix_openpt and its family are not in Glibc's module map; these are the two requests that they make (Linux,
        // ioctl_tty(2)).
        controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK)
        var unlocked: Int32 = 0
        var number: UInt32 = 0
        guard controller >= 0, ioctl(controller, 0x4004_5431, &unlocked) == 0,
            ioctl(controller, 0x8004_5430, &number) == 0
        else { throw ProcessError("no pseudo-terminal: \(String(cString: strerror(errno)))") }
        path = "/dev/pts/\(number)"
        terminal = open(path, O_RDWR | O_NOCTTY)
        guard terminal >= 0 else { throw ProcessError("\(path): \(String(cString: strerror(errno)))") }
        for descriptor in [controller, terminal] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        close(terminal)
        close(controller)
    }

    /// The flags of the terminal's mode, to compare.
    package var mode: [UInt32] {
        var mode = termios()
        tcgetattr(terminal, &mode)
        return [mode.c_iflag, mode.c_oflag, mode.c_cflag, mode.c_lflag]
    }

    /// Whether keys go to the program one by one, without echo and without signals.
    package var isRaw: Bool { mode[3] & UInt32(ICANON | ECHO | ISIG) == 0 }

    /// Types on the terminal's keyboard; input that the program has not read for twenty seconds is lost.
    package func type(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(controller, $0.baseAddress, $0.count) }
            bytes = bytes.dropFirst(max(0, count))
            var poll = pollfd(fd: controller, events: Int16(POLLOUT), revents: 0)
            guard count > 0 || Foundation.poll(&poll, 1, 20_000) > 0 else { return }
        }
    }

    /// The program's output on the terminal.
    package var text: String { String(decoding: received, as: UTF8.self) }

    /// Waits until the program has printed something.
    package func wait(for text: String, limit: Duration) throws {
        try wait(for: "\"\(text)\"", limit: limit) { $0.contains(text) }
    }

    /// Waits until all that the program has printed fits.
    package func wait(
        for what: String = "more", limit: Duration, until condition: (String) -> Bool
    ) throws {
        let deadline = ContinuousClock.now + limit.withPatience
        while !condition(self.text) {
            guard ContinuousClock.now < deadline else {
                throw ProcessError("no \(what) within \(limit): \(self.text.suffix(500))")
            }
            var poll = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
            guard Foundation.poll(&poll, 1, 50) > 0 else { continue }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = buffer.withUnsafeMutableBytes { read(controller, $0.baseAddress, $0.count) }
            if count > 0 { received += buffer[..<count] }
        }
    }
}
