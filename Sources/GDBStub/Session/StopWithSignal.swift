import Execution
import GDBRemote

/// A stop with the signal that it is reported with.
struct StopWithSignal {
    var event: StopEvent
    var signal: UInt8

    /// A stop with the signal of its reason.
    init(_ event: StopEvent) { self.init(event, signal: event.signal) }

    init(_ event: StopEvent, signal: UInt8) {
        self.event = event
        self.signal = signal
    }

    /// Whether the machine has ended, and has no threads to report.
    var isEnd: Bool {
        switch event.reason {
        case .poweredOff, .failed: true
        default: false
        }
    }
}

extension StopEvent {
    /// SIGINT for a stop that was asked for, SIGTRAP for one that the debugger exists for.
    var signal: UInt8 {
        reason == .paused ? StopReply.Signal.interrupt : StopReply.Signal.trap
    }
}
