import Platform
package import SystemPackage

/// A descriptor that poll(2) looks at, and what it found there.
package struct PollRequest: Sendable {
    private var request: pollfd

    /// The events of a descriptor (poll(2)).
    package struct Events: OptionSet, Sendable {
        package let rawValue: Int16

        package init(rawValue: Int16) {
            self.rawValue = rawValue
        }

        /// There is something to read, or the end.
        package static let input = Events(rawValue: Int16(POLLIN))
        /// There is room to write.
        package static let output = Events(rawValue: Int16(POLLOUT))
        /// The other end sends nothing more, though what it sent before may not be read yet.
        package static let readHangUp = Events(rawValue: HostPlatform.peerHasShutDown)
        /// The other end has closed the connection, or it has failed: reported without being asked for.
        package static let closed = Events(rawValue: Int16(POLLHUP) | Int16(POLLERR))
        package static let hangUp: Events = [.readHangUp, .closed]
    }

    /// With nil as the descriptor, the request is ignored.
    package init(_ descriptor: FileDescriptor?, _ events: Events) {
        request = pollfd(fd: descriptor?.rawValue ?? -1, events: events.rawValue, revents: 0)
    }

    /// The events that the last poll found.
    package var found: Events { Events(rawValue: request.revents) }

    /// Waits until something happens at one of the descriptors, for at most some milliseconds, or for ever with nil.
    ///
    /// A signal ends the wait, too. The result is the number of requests that found something.
    @discardableResult
    package static func poll(_ requests: inout [PollRequest], milliseconds: Int?) -> Int {
        // SAFETY: a `PollRequest` is one `pollfd` and nothing else, and poll(2) is given as many as there are.
        unsafe requests.withUnsafeMutableBytes { bytes in
            let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: pollfd.self)
            let count = bytes.count / MemoryLayout<pollfd>.stride
            return unsafe max(
                0, Int(Platform.poll(start, nfds_t(count), milliseconds.map { CInt(clamping: $0) } ?? -1)))
        }
    }
}

extension FileDescriptor {
    /// Waits for one of these events, for at most some milliseconds, or for ever with nil; false if none came.
    package func wait(for events: PollRequest.Events, milliseconds: Int?) -> Bool {
        var requests = [PollRequest(self, events)]
        return PollRequest.poll(&requests, milliseconds: milliseconds) > 0
    }

    /// Whether the other end of a connection has closed it, seen without reading up to the end.
    package var isHungUp: Bool {
        var requests = [PollRequest(self, .readHangUp)]
        return PollRequest.poll(&requests, milliseconds: 0) > 0 && !requests[0].found.isDisjoint(with: .hangUp)
    }
}
