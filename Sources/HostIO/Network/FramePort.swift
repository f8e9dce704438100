import SystemPackage

/// A descriptor that frames go through; no call waits.
protocol FramePort: AnyObject {
    /// What to poll.
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

/// What a look at a port has brought.
enum FrameArrival: Equatable {
    /// None, if only part of one has come.
    case frames([[UInt8]])
    case nothing
    /// There will be no more: why, for people.
    case lost(String)
}

/// What became of a frame.
enum FrameDeparture: Equatable {
    case sent
    /// There is no room for it.
    case full
    /// There is nobody to send to any more: why, for people.
    case lost(String)
}
