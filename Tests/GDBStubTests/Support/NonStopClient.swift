import Execution
import GDBStub
import Testing

/// A client in non-stop mode, with a driver that brings the machine to a standstill whenever it is asked to.
final class NonStopClient {
    let client: Client
    /// The last plan that the driver got; nil while nothing moves.
    private(set) var plan: ResumePlan?
    /// How often the driver was asked for a standstill.
    private(set) var standstills = 0

    /// All vCPUs are held, and the client knows.
    init(_ target: FakeTarget = FakeTarget(), initialStop: StopEvent = StopEvent(.paused, vcpu: 0)) {
        target.supportsNonStop = true
        client = Client(target, initialStop: initialStop).connect()
        #expect(send("QNonStop:1") == ["OK"])
        _ = send("vCont;t")
        while send("vStopped") != ["OK"] {}
        #expect(plan == nil)
        standstills = 0
    }

    /// Sends packets and returns all that comes for them.
    func send(_ packets: String...) -> [String] {
        sendRaw(packets.flatMap { Client.frame(Array($0.utf8)) })
    }

    func sendRaw(_ bytes: [UInt8]) -> [String] {
        client.sendRaw(bytes) + play()
    }

    /// Reports a stop of the machine, and returns the session's output.
    func stop(_ reason: StopEvent.Reason, vcpu: Int = 0) -> [String] {
        stop([StopEvent(reason, vcpu: vcpu)])
    }

    /// Several stops at the same time.
    func stop(_ events: [StopEvent]) -> [String] {
        plan = nil
        return client.stop(events) + play()
    }

    /// Lets all vCPUs of two go.
    func letGo() -> NonStopClient {
        #expect(send("vCont;c") == ["OK"])
        #expect(plan?.actions == [.continue, .continue])
        return self
    }

    private func play() -> [String] {
        var replies: [String] = []
        while true {
            let actions = client.takeActions()
            for action in actions {
                switch action {
                case .resume(let next):
                    #expect(next.isNonStop && next.actions.contains { $0 != .hold })
                    #expect(plan == nil)
                    plan = next
                case .interrupt:
                    #expect(plan != nil)
                    standstills += 1
                    plan = nil
                    replies += client.stop(.paused, vcpu: 0)
                case .detach, .kill, .release, .hold, .leave:
                    #expect(plan == nil)
                    ends.append(action)
                }
            }
            if actions.isEmpty { return replies }
        }
    }

    /// How the session ended.
    private(set) var ends: [SessionAction] = []
}
