package import SystemPackage

/// The serial console's host side: output from the vCPU thread, input and clients on the serving thread.
package struct Console: ~Copyable {
    /// The console's output; nil if there is no console.
    private let output: ConsoleOutput?
    private let endpoint: ConsoleEndpoint
    private var listener: Listener?
    private var client: OwnedDescriptor?
    private var terminal: TerminalMode?
    private var escapeKey = EscapeKey()
    /// Standard input has not ended.
    private var readsStandardInput: Bool

    package init(_ endpoint: ConsoleEndpoint) throws(HostError) {
        self.endpoint = endpoint
        var listener: Listener?
        switch endpoint {
        case .stdio: output = try ConsoleOutput(ConsoleSink(sharing: .standardOutput))
        case .none: output = nil
        case .file(let path):
            output = try ConsoleOutput(ConsoleSink(HostFile.create(path, purpose: "open the serial output")))
        case .unix(let path):
            guard let address = SocketAddress(path: path) else {
                throw HostError("listen on \(path)", errno: Errno.fileNameTooLong)
            }
            listener = try Listener(address, unixPath: path, name: "unix:\(path)")
            output = try ConsoleOutput(nil)
        }
        self.listener = listener
        readsStandardInput = endpoint == .stdio
        terminal = nil
    }

    /// Puts the terminal into raw mode; kept until the console goes.
    package mutating func takeTerminal() {
        if endpoint == .stdio, terminal == nil { terminal = TerminalMode.raw(.standardInput) }
    }

    /// Takes one byte of the guest's output; for the thread that runs the vCPUs.
    package var sink: @Sendable (UInt8) -> Void {
        let output = output
        return { output?.put($0) }
    }

    /// Sets whether the writing thread may wait for a slow reader.
    package func allowWaiting(_ mayWait: Bool) {
        output?.allowWaiting(mayWait)
    }

    /// Writes what the guest has printed so far, as far as the reader takes it: before a stop is reported.
    package func flush() {
        output?.flush()
    }

    /// Waits until all output is written, however slow its reader is; false after the time.
    package func isWritten(withinMilliseconds limit: UInt64) -> Bool {
        output?.isWritten(within: limit * 1_000_000) ?? true
    }

    /// The descriptor to poll for reading now, if any.
    package var pollDescriptor: FileDescriptor? {
        if readsStandardInput { return .standardInput }
        if let client = borrowedClient { return client }
        return borrowedListener
    }

    private var borrowedClient: FileDescriptor? {
        switch client {
        case .some(let client): client.borrowed
        case .none: nil
        }
    }

    private var borrowedListener: FileDescriptor? {
        switch listener {
        case .some(let listener): listener.descriptor
        case .none: nil
        }
    }

    /// Reads what there is: bytes for the guest, or a command typed at the terminal.
    package mutating func readInput() -> (forGuest: [UInt8], command: EscapeKey.Command?) {
        guard let descriptor = pollDescriptor else { return ([], nil) }
        if !readsStandardInput && borrowedClient == nil {
            acceptClient()
            return ([], nil)
        }
        guard let bytes = Console.read(descriptor) else {
            closeInput()
            return ([], nil)
        }
        // Only a terminal has an escape key: a pipe carries any byte.
        guard terminal != nil else { return (bytes, nil) }
        return escapeKey.filter(bytes)
    }

    private mutating func acceptClient() {
        client = acceptedClient()
        var sink: ConsoleSink?
        // A descriptor of its own: the writer may still be in poll(2) when the client is closed.
        if let client = borrowedClient { sink = ConsoleSink(sharing: client) }
        output?.redirect(to: sink)
    }

    private mutating func closeInput() {
        if readsStandardInput {
            readsStandardInput = false
        } else {
            // The writer may be waiting for a client that takes nothing: this ends the wait.
            borrowedClient?.shutDown()
            output?.redirect(to: nil)
            client = nil
        }
    }

    /// The next waiting client; nil if it is gone already, or can't be taken.
    private func acceptedClient() -> OwnedDescriptor? {
        do throws(Errno) {
            return switch listener {
            case .some(let listener): try listener.accept()
            case .none: nil
            }
        } catch {
            return nil
        }
    }

    /// Up to 4 KiB; empty if there is nothing now, nil at the end.
    private static func read(_ descriptor: FileDescriptor) -> [UInt8]? {
        do throws(Errno) {
            let bytes = try descriptor.read(upTo: 4096)
            return bytes.isEmpty ? nil : bytes
        } catch {
            return error.isWouldBlock ? [] : nil
        }
    }
}
