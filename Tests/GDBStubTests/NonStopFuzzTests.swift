import Execution
import GDBRemote
import GDBStub
import TestSupport
import Testing

/// A random client in non-stop mode and a random machine, with what must hold whatever they do.
@Suite struct NonStopFuzzTests {
    @Test func whateverHappensNoStopIsLostAndNoneIsToldTwice() {
        fuzz("non-stop") { random in
            var fuzzer = NonStopFuzzer(random)
            for _ in 0..<80 where !fuzzer.isOver { fuzzer.step() }
            fuzzer.end()
        }
    }
}

/// One session with a model of what each vCPU does and what of that the client has heard.
private struct NonStopFuzzer {
    private var random: SeededRandom
    private let target: FakeTarget
    private let client: Client
    /// The last plan that the driver got; nil while nothing moves.
    private var plan: ResumePlan?
    /// Whether a standstill is asked for.
    private var isDue = false
    /// Whether a notification waits for its `vStopped`.
    private var isReporting = false
    /// How many packets have no reply yet.
    private var owed = 0
    /// The number of stops of each vCPU that the machine has reported to the session, and the session not to the
    /// client.
    private var unreported: [Int: Int] = [:]
    private(set) var isOver = false

    init(_ random: SeededRandom) {
        self.random = random
        target = FakeTarget(vcpus: 1 + self.random.below(4), ramSize: 256, hasAgent: self.random.chance(50))
        if self.random.chance(50) { target.haveEverything() }
        target.supportsNonStop = true
        client = Client(target).connect()
        expect(client.send("QNonStop:1") == ["OK"])
        takeActions()
    }

    private static let packets = [
        "vCont;c", "vCont;c:1", "vCont;c:2", "vCont;s:1", "vCont;s:2;c", "vCont;t", "vCont;t:1", "vCont;t:3;c:1",
        "vCont;r0,10:2", "vCont;c:9", "c", "s", "vCtrlC", "vStopped", "vStopped", "vStopped", "m40000000,4", "g",
        "p0", "P0=0102030405060708", "Z0,40000000,4", "z0,40000000,4", "Hg1", "Hg2", "Hc1", "qC", "qThreadExtraInfo,1",
        "jThreadsInfo", "qThreadStopInfo2", "qXfer:threads:read::0,100", "vFoo", "QThreadEvents:1", "vCont?",
    ]

    mutating func step() {
        switch random.below(100) {
        case 0..<60: send(Self.packets[random.below(Self.packets.count)])
        case 60..<63: receive(client.sendRaw([3]))
        case 63..<65: askForAll()
        case 65..<99: report()
        default: leave()
        }
    }

    private mutating func send(_ packet: String) {
        // Each has one reply; which of those is to vStopped shows in its order only, so that it comes alone.
        let isNext = packet == "vStopped"
        if isNext { finishStop() } else { owed += 1 }
        let replies = client.send(packet)
        if isNext {
            expect(replies.count == 1)
            take(next: replies.first ?? "")
            takeActions()
        } else {
            receive(replies)
        }
    }

    /// The answer to `?`: every held vCPU, once each.
    private mutating func askForAll() {
        finishStop()
        var replies = client.send("?")
        takeActions()
        if isDue { replies += stop([StopEvent(.paused, vcpu: 0)]) }
        replies.removeAll { $0.hasPrefix("%") }
        expect(replies.count == 1)
        var threads: Set<String> = []
        while let reply = replies.first, reply != "OK" {
            expect(reply.hasPrefix("T") && threads.insert(Self.thread(reply)).inserted)
            replies = client.send("vStopped")
            expect(replies.count == 1)
        }
        unreported = [:]
        isReporting = false
        takeActions()
        expect(threads.count == target.vcpuCount - (plan?.actions.filter { $0 != .hold }.count ?? 0))
    }

    /// Finishes the stop that has been requested, so that every packet has its reply.
    private mutating func finishStop() {
        if isDue { receive(stop([StopEvent(.paused, vcpu: random.below(target.vcpuCount))])) }
        expect(owed == 0)
    }

    /// The machine reports something of those that move.
    private mutating func report() {
        guard let plan else { return }
        let moving = plan.actions.indices.filter { plan.actions[$0] != .hold }
        var events: [StopEvent] = []
        for vcpu in moving where random.chance(40) {
            events.append(StopEvent(random.pick([.softwareBreakpoint, .stepped, .caughtException]), vcpu: vcpu))
            unreported[vcpu, default: 0] += 1
            if random.chance(60) { break }
        }
        if events.isEmpty { events = [StopEvent(.paused, vcpu: random.pick(moving))] }
        receive(stop(events))
    }

    private mutating func stop(_ events: [StopEvent]) -> [String] {
        plan = nil
        isDue = false
        return client.stop(events)
    }

    private mutating func receive(_ replies: [String]) {
        for reply in replies {
            if reply.hasPrefix("%Stop:") {
                expect(!isReporting)
                isReporting = true
                takeReport(String(reply.dropFirst(6)))
            } else {
                owed -= 1
            }
        }
        takeActions()
        expect(owed == 0 || isDue)
    }

    private mutating func take(next reply: String) {
        isReporting = reply != "OK"
        if isReporting { takeReport(reply) }
    }

    /// Checks that a stop of the machine is reported once; stops that were requested are not counted.
    private mutating func takeReport(_ reply: String) {
        expect(reply.hasPrefix("T"))
        guard reply.hasPrefix("T05"), let number = Int(Self.thread(reply), radix: 16) else { return }
        expect(unreported[number - 1, default: 0] == 1)
        unreported[number - 1] = nil
    }

    private static func thread(_ reply: String) -> String {
        guard let range = reply.firstRange(of: "thread:") else { return "" }
        return String(reply[range.upperBound...].prefix { $0 != ";" })
    }

    private mutating func takeActions() {
        for action in client.takeActions() {
            switch action {
            case .resume(let next):
                expect(plan == nil && next.isNonStop && next.actions.contains { $0 != .hold })
                plan = next
            case .interrupt:
                expect(plan != nil && !isDue)
                isDue = true
            case .detach, .kill: isOver = true
            case .release, .hold, .leave: expect(false)
            }
        }
        expect(target.callsWhileRunning == 0)
    }

    private mutating func leave() {
        client.disconnect()
        takeActions()
        if isDue { _ = stop([StopEvent(.paused, vcpu: 0)]) }
        takeActions()
        expect(isOver && client.isEnded && target.stopPoints.isEmpty)
        isOver = true
    }

    /// Everything that stopped has been heard of once the client has asked for all of it.
    mutating func end() {
        guard !isOver else { return }
        finishStop()
        for _ in 0...(2 * target.vcpuCount) where isReporting { send("vStopped") }
        expect(!isReporting && unreported.isEmpty)
        leave()
    }

    private func expect(_ holds: Bool, line: Int = #line) {
        if !holds { Issue.record("a rule is broken (line \(line)): \(random.comment)") }
    }
}
