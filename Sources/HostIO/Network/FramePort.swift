import SystemPackage

/// A descriptor that frames go through; no call waits.
protocol FramePort: AnyObject {
    /// The descriptor to poll.
    var descriptor: FileDescriptor { get }
    /// Part of a frame is still to be written when the descriptor takes it.
    var hasUnsent: Bool { get }

    /// Reads what has come, once.
    func receive() -> FrameArrival
    /// Sends a frame as a whole, or not at all.
    func send(_ frame: [UInt8]) -> FrameDeparture
    /// Writes what is left of a frame.
    func sendRest() -> FrameDeparture
}

/// The result of a read from a port.
enum FrameArrival: Equatable {
    /// None, if only part of one has come.
    case frames([[UInt8]])
    case nothing
    /// There will be no more: why, for people.
    case lost(String)
}

/// The result of sending a frame.
enum FrameDeparture: Equatable {
    case sent
    /// There is no room for it.
    case full
    /// The other end no longer exists; the text gives the reason.
    case lost(String)
}
