package import GDBRemote

/// The client's bytes that have not been handled, and the next packet or Ctrl-C in them.
///
/// Only one packet is decoded in advance, so that the session can check whether there is one. Later bytes stay
/// undecoded, because an earlier packet can end acknowledgment mode.
package struct InputQueue {
    /// The next packet or Ctrl-C, decoded and parsed but not handled.
    package private(set) var next: Arrival?
    private var bytes: [UInt8] = []
    /// The number of `bytes` that have been decoded.
    private var decodedCount = 0
    /// The search for Ctrl-C in `bytes`; nil if it must begin where decoding will continue.
    private var scanner: PacketLink.Scanner?
    private var scannedCount = 0
    /// The position in `bytes` after the last Ctrl-C found.
    private var interruptEnd = 0

    /// An empty queue, at the beginning of a connection.
    package init() {}

    /// The number of bytes that have not been decoded.
    package var count: Int { bytes.count - decodedCount }

    /// Adds bytes from the client.
    package mutating func append(_ newBytes: [UInt8]) {
        if count == 0 {
            bytes = newBytes
            scanner = nil
        } else {
            bytes.removeFirst(decodedCount)
            scannedCount -= decodedCount
            interruptEnd -= decodedCount
            bytes += newBytes
        }
        decodedCount = 0
    }

    /// Decodes up to the next packet or Ctrl-C, unless one is decoded already.
    package mutating func decodeNext(_ link: inout PacketLink) {
        guard next == nil else { return }
        next = link.next(in: bytes, from: &decodedCount).map { Arrival($0) }
        if next == nil { self = InputQueue() }
    }

    /// Returns the next packet or Ctrl-C and removes it.
    package mutating func takeNext() -> Arrival? {
        defer { next = nil }
        return next
    }

    /// Whether the unhandled input contains a Ctrl-C.
    ///
    /// Called only during a long request, which keeps packets from being decoded. Each byte is examined once for packet
    /// boundaries, in addition to its later decoding.
    package mutating func hasInterrupt(_ link: borrowing PacketLink) -> Bool {
        if next == .interrupt { return true }
        if scanner == nil || scannedCount < decodedCount {
            scanner = link.scanner
            scannedCount = decodedCount
            interruptEnd = decodedCount
        }
        while scanner?.findInterrupt(in: bytes, from: &scannedCount) == true { interruptEnd = scannedCount }
        return interruptEnd > decodedCount
    }
}
