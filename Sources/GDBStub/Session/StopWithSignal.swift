import Execution
import GDBRemote

/// A stop and the signal with which it is reported.
struct StopWithSignal {
    var event: StopEvent
    var signal: UInt8

    /// A stop with the signal that its reason implies.
    init(_ event: StopEvent) { self.init(event, signal: event.signal) }

    init(_ event: StopEvent, signal: UInt8) {
        self.event = event
        self.signal = signal
    }

    /// Whether the machine has ended and therefore has no threads.
    var isEnd: Bool {
        switch event.reason {
        case .poweredOff, .failed: true
        default: false
        }
    }
}

extension StopEvent {
    /// The signal of the reason: SIGINT for a requested pause, and otherwise SIGTRAP.
    var signal: UInt8 {
        reason == .paused ? StopReply.Signal.interrupt : StopReply.Signal.trap
    }
}
