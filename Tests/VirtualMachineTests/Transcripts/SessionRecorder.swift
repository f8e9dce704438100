import Acceleration
import Execution
import Foundation
import GDBStub
import MachineDebugger
import TestSupport
import TranscriptSupport
import VirtualMachine

/// Serves one client of a held machine, and records everything that goes in and out of its session.
///
/// It does what `EventLoop` does for a session, with one difference: the agent is asked about a breakpoint after the
/// machine has stopped there, so that what it reads is recorded.
final class SessionRecorder {
    let writer = TranscriptWriter()
    let initialStop: StopEvent
    private let machine: VirtualMachine
    private let agentText = AgentTextBuffer()
    private let target: RecordingTarget
    private var session: DebugSession
    private var connection: CInt
    private var isOver = false
    private var plan = ResumePlan(actions: [])
    private var isInterrupting = false
    /// The report of the machine's end, once it has ended.
    private var lastEvent: StopEvent?

    static let serverName = "trapline"
    static let serverVersion = "golden"

    /// - Parameter connection: a connected socket, which the recorder closes.
    init(_ machine: VirtualMachine, connection: CInt) {
        self.machine = machine
        self.connection = connection
        initialStop = StopEvent(.paused, vcpu: machine.control.vcpuInFocus)
        target = RecordingTarget(machine.debugTarget, writer) { [agentText] in agentText.bytes += $0 }
        session = DebugSession(
            target: target, initialStop: initialStop, name: Self.serverName, version: Self.serverVersion)
    }

    private final class AgentTextBuffer {
        var bytes: [UInt8] = []

        func take() -> [UInt8] {
            defer { bytes = [] }
            return bytes
        }
    }

    /// Serves until the session is over.
    func serve(limit: Duration) throws {
        let deadline = ContinuousClock.now + limit.withPatience
        while !isOver {
            guard ContinuousClock.now < deadline else { throw ProcessError("the session lasts longer than \(limit)") }
            if let report = machine.control.takeReport() {
                take(report)
            } else if connection < 0 {
                usleep(1000)
            } else {
                readClient()
            }
        }
        closeConnection()
    }

    private func readClient() {
        var request = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
        guard session.takesInput, poll(&request, 1, machine.control.isRunning ? 1 : 20) > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 1 << 15)
        let count = buffer.withUnsafeMutableBytes { read(connection, $0.baseAddress, $0.count) }
        if count > 0 {
            writer.client(Array(buffer[..<count]))
            session.receive(Array(buffer[..<count]))
        } else {
            closeConnection()
            writer.disconnected()
            session.disconnected()
        }
        converse()
    }

    private func closeConnection() {
        if connection >= 0 { close(connection) }
        connection = -1
    }

    /// Sends what the session says and does what it asks for, until it has nothing more to do.
    private func converse() {
        while true {
            let output = session.takeOutput()
            writer.output(output)
            send(output)
            for action in session.takeActions() {
                writer.action(action)
                perform(action)
            }
            guard session.hasWork else { return }
            session.continueWork()
        }
    }

    private func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty, connection >= 0 {
            let count = rest.withUnsafeBytes {
                Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // The end of the connection is found by the next read.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func perform(_ action: SessionAction) {
        switch action {
        case .resume(let plan): resume(plan)
        case .interrupt:
            isInterrupting = true
            machine.control.requestStop()
        case .release:
            machine.debugTarget.endOfSession()
            resume(machine.control.continueAll)
        case .hold: machine.debugTarget.endOfSession()
        case .detach, .leave, .kill: isOver = true
        }
    }

    private func resume(_ plan: ResumePlan) {
        self.plan = plan
        isInterrupting = false
        if let lastEvent { return report(lastEvent) }
        machine.control.resume(plan)
    }

    // MARK: Events of the machine

    /// The stops of other vCPUs that came together with the last one.
    private var otherStops: [StopEvent] = []

    private func take(_ run: RunReport) {
        otherStops = run.otherStops
        switch run.outcome {
        case .stopped(let event): decide(event)
        case .requested: report(StopEvent(.paused, vcpu: machine.control.vcpuInFocus))
        case .resetRequested: resume(machine.control.continueAll)
        case .poweredOff(let status): end(StopEvent(.poweredOff(status: status), vcpu: 0))
        case .failed: end(StopEvent(.failed, vcpu: 0))
        }
    }

    private func end(_ event: StopEvent) {
        lastEvent = event
        report(event)
    }

    private func report(_ event: StopEvent) {
        writer.stop([event] + otherStops)
        session.stopped(event, and: otherStops)
        converse()
    }

    /// Asks the agent about a breakpoint, and reports the stop unless the vCPU passes it.
    private func decide(_ event: StopEvent) {
        let isBreakpoint = event.reason == .softwareBreakpoint || event.reason == .hardwareBreakpoint
        let agent = target.agent
        guard isBreakpoint, agent.hasPrograms,
            let pc = try? machine.accelerator.programCounter(vcpu: event.vcpu)
        else { return report(event) }
        writer.hit(pc, vcpu: event.vcpu)
        let verdict = agent.hit(address: pc, vcpu: event.vcpu, target: target)
        let text = agentText.take()
        writer.verdict(verdict, text: text)
        if !text.isEmpty {
            writer.console(text)
            session.consoleOutput(text)
            converse()
        }
        switch verdict {
        case nil: report(event)
        case .stop(.hardwareBreakpoint): report(StopEvent(.hardwareBreakpoint, vcpu: event.vcpu))
        case .stop: report(StopEvent(.softwareBreakpoint, vcpu: event.vcpu))
        case .pass where isInterrupting: report(StopEvent(.paused, vcpu: event.vcpu))
        case .pass: machine.control.resume(plan)
        }
    }
}
