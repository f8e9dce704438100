import Glibc

/// The serial console's host side: output from the vCPU thread, input and clients on the serving thread.
package struct Console: ~Copyable {
    private let output: ConsoleOutput
    private let endpoint: ConsoleEndpoint
    private let file: OwnedDescriptor?
    private var listener: Listener?
    private var client: OwnedDescriptor?
    private var terminal: TerminalMode?
    private var escapeKey = EscapeKey()
    /// Standard input has not ended.
    private var readsStandardInput: Bool

    package init(_ endpoint: ConsoleEndpoint) throws(HostError) {
        self.endpoint = endpoint
        var file: OwnedDescriptor?
        var listener: Listener?
        var descriptor: CInt?
        switch endpoint {
        case .stdio: descriptor = STDOUT_FILENO
        case .none: break
        case .file(let path):
            let raw = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            guard raw >= 0 else { throw HostError("open the serial output \(path)", errno: lastErrno) }
            file = OwnedDescriptor(raw)
            descriptor = raw
        case .unix(let path):
            guard let address = SocketAddress(path: path) else {
                throw HostError("listen on \(path)", errno: ENAMETOOLONG)
            }
            listener = try Listener(address, unixPath: path, name: "unix:\(path)")
        }
        self.file = file
        self.listener = listener
        output = ConsoleOutput(descriptor: descriptor)
        readsStandardInput = endpoint == .stdio
        terminal = nil
    }

    /// Puts the terminal into raw mode; kept until the console goes.
    package mutating func takeTerminal() {
        if endpoint == .stdio, terminal == nil { terminal = TerminalMode.raw(STDIN_FILENO) }
    }

    /// Takes one byte of the guest's output; for the thread that runs the vCPUs.
    package var sink: @Sendable (UInt8) -> Void {
        let output = output
        return { output.put($0) }
    }

    /// Tells whether that thread may wait for a slow reader.
    package func allowWaiting(_ mayWait: Bool) {
        output.allowWaiting(mayWait)
    }

    /// What to poll for reading now.
    package var pollDescriptor: CInt? {
        if readsStandardInput { return STDIN_FILENO }
        if let raw = rawClient { return raw }
        if listener != nil { return rawListener }
        return nil
    }

    private var rawClient: CInt? {
        switch client {
        case .some(let client): client.raw
        case .none: nil
        }
    }

    private var rawListener: CInt? {
        switch listener {
        case .some(let listener): listener.raw
        case .none: nil
        }
    }

    /// Reads what there is: bytes for the guest, or a command typed at the terminal.
    package mutating func readInput() -> (forGuest: [UInt8], command: EscapeKey.Command?) {
        guard let descriptor = pollDescriptor else { return ([], nil) }
        if !readsStandardInput && rawClient == nil {
            acceptClient()
            return ([], nil)
        }
        let bytes = Console.read(descriptor)
        guard let bytes else {
            closeInput()
            return ([], nil)
        }
        // Only a terminal has an escape key: a pipe carries any byte.
        guard terminal != nil else { return (bytes, nil) }
        return escapeKey.filter(bytes)
    }

    private mutating func acceptClient() {
        client = listener?.accept()
        output.redirect(to: rawClient)
    }

    private mutating func closeInput() {
        if readsStandardInput {
            readsStandardInput = false
        } else {
            output.redirect(to: nil)
            client = nil
        }
    }

    /// Up to 4 KiB; empty if there is nothing now, nil at the end.
    private static func read(_ descriptor: CInt) -> [UInt8]? {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, initialized in
            count = Glibc.read(descriptor, buffer.baseAddress, 4096)
            initialized = max(0, count)
        }
        if count < 0 { return lastErrno == EINTR || lastErrno == EAGAIN ? [] : nil }
        return count == 0 ? nil : bytes
    }
}
