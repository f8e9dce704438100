import Platform
import SystemPackage

/// A descriptor that takes the console's output, without ever blocking a thread in write(2) where the host allows it.
final class ConsoleSink: Sendable {
    private let descriptor: OwnedDescriptor
    /// The most that one write takes without blocking, once poll(2) says that there is room.
    ///
    /// A pipe that stayed in blocking mode has room for PIPE_BUF bytes then (pipe(7)).
    private static let maximumAtOnce = 4096
    /// The time in milliseconds after which a reader that takes nothing counts as stalled.
    private static let patience = 2

    /// Takes over a descriptor that doesn't block.
    init(_ descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor
    }

    /// Output to a descriptor that other programs share.
    ///
    /// A terminal or a pipe is opened a second time where the host allows it, so that O_NONBLOCK is this one's alone.
    init?(sharing shared: FileDescriptor) {
        guard let kind = FileStatus(shared)?.kind else { return nil }
        if kind == .fifo || isatty(shared.rawValue) == 1, let own = HostPlatform.reopen(shared) {
            descriptor = own
            return
        }
        do throws(Errno) {
            descriptor = try OwnedDescriptor { fcntl(shared.rawValue, F_DUPFD_CLOEXEC, 0) }
        } catch {
            return nil
        }
    }

    /// Writes everything, however long the reader takes; `onStall` is called when it takes nothing for a while.
    ///
    /// Bytes that the host refuses (the reader has closed the pipe, the disk is full) are dropped.
    func write(_ bytes: [UInt8], onStall: () -> Void) {
        var rest = writeNow(bytes[...])
        while !rest.isEmpty {
            if !hasRoom(within: Self.patience) {
                onStall()
                _ = hasRoom(within: nil)
            }
            rest = writeNow(rest)
        }
    }

    /// Writes as much as the reader takes now; returns the rest.
    func writeNow(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while !rest.isEmpty, hasRoom(within: 0) {
            do throws(Errno) {
                rest = rest.dropFirst(try descriptor.borrowed.write(rest.prefix(Self.maximumAtOnce)))
            } catch {
                return error.isWouldBlock ? rest : []
            }
        }
        return rest
    }

    private func hasRoom(within milliseconds: Int?) -> Bool {
        descriptor.borrowed.wait(for: .output, milliseconds: milliseconds)
    }
}
