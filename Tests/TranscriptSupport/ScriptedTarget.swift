import Execution
import GDBStub
import TargetDescription

/// A target that answers each call as it was answered when a transcript was recorded.
///
/// A call that is not in the record fails the replay; its caller gets an error or an empty value.
final class ScriptedTarget: DebugTarget, AgentHost, MonitorCommands, MemoryAreaSource, MemoryMapSource,
    SystemTableSource, StopDescriptions, PowerReports, PhysicalAddressing, StepInterrupts
{
    private let answers: RecordedAnswers
    private let constants: TargetFile
    let vcpuCount: Int
    let preparedDescription: PreparedDescription?
    let agent: Agent
    private var agentAddresses: Set<UInt64> = []
    private var pieceCount = 0
    private let agentText: AgentText

    init(_ answers: RecordedAnswers, _ constants: TargetFile, vcpuCount: Int) {
        self.answers = answers
        self.constants = constants
        self.vcpuCount = vcpuCount
        preparedDescription = PreparedDescription(constants.description)
        let agentText = AgentText()
        self.agentText = agentText
        agent = Agent(output: { agentText.bytes += $0 })
    }

    /// The text of the agent's latest hit.
    private final class AgentText {
        var bytes: [UInt8] = []
    }

    /// Lets the agent decide about a breakpoint, and returns the verdict and the text as they are recorded.
    func hit(_ address: UInt64, vcpu: Int) -> String {
        agentText.bytes = []
        let verdict = agent.hit(address: address, vcpu: vcpu, target: self)
        return verdict.recordedText(agentText.bytes)
    }

    // MARK: Constants

    var description: TargetDescription { constants.description }
    var monitorCommands: [MonitorCommand] { constants.monitorCommands }
    var watchpoints: WatchpointSupport? {
        WatchpointSupport(count: constants.watchpointCount, types: constants.watchpointTypes)
    }
    var supportsNonStop: Bool { constants.supportsNonStop }

    // MARK: Capabilities

    var agentHost: (any AgentHost)? { self }
    var monitor: (any MonitorCommands)? { self }
    var memoryAreaSource: (any MemoryAreaSource)? { self }
    var memoryMapSource: (any MemoryMapSource)? { self }
    var systemTableSource: (any SystemTableSource)? { self }
    var stopDescriptions: (any StopDescriptions)? { self }
    var powerReports: (any PowerReports)? { constants.canReportPower ? self : nil }
    var physicalAddressing: (any PhysicalAddressing)? { self }
    var stepInterrupts: (any StepInterrupts)? { self }

    // MARK: Answers

    private static let unknown = TargetError.invalid("this call was never recorded")

    /// The value of a call that can't fail.
    private func value<Value>(_ call: String, _ otherwise: Value, _ parse: (String) throws -> Value) -> Value {
        guard let answer = answers.answer(call) else { return otherwise }
        do {
            return try parse(answer)
        } catch {
            answers.fail(answers.line, expected: "an answer that can be read", got: "\(call): \(error)")
            return otherwise
        }
    }

    /// The value of a call that can.
    private func result<Value>(_ answer: String?, _ parse: (String) throws -> Value) throws(TargetError) -> Value {
        guard let answer else { throw Self.unknown }
        let parsed = Result { (error: try TargetError(transcript: answer), answer: answer) }
        if case .success((let error?, _)) = parsed { throw error }
        do {
            return try parse(answer)
        } catch {
            answers.fail(answers.line, expected: "an answer that can be read", got: "\(answer): \(error)")
            throw Self.unknown
        }
    }

    private func change(_ call: String) throws(TargetError) { try result(answers.change(call)) { _ in } }

    // MARK: Registers and memory

    func threadName(vcpu: Int) -> String {
        value(TargetCall.threadName(vcpu), "") { try TranscriptText.string($0) }
    }

    func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        try result(answers.answer(TargetCall.readRegister(number, vcpu))) { try TranscriptText.data(from: $0) }
    }

    func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError) {
        try change(TargetCall.writeRegisters(values, vcpu))
    }

    func readMemory(_ address: UInt64, count: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        try result(answers.answer(TargetCall.readMemory(address, count, vcpu))) { try TranscriptText.data(from: $0) }
    }

    func writeMemory(_ address: UInt64, bytes: [UInt8], vcpu: Int) throws(TargetError) {
        try change(TargetCall.writeMemory(address, bytes, vcpu))
    }

    // MARK: Breakpoints and watchpoints

    func insert(_ point: StopPoint, vcpu: Int) throws(TargetError) { try change(TargetCall.insert(point, vcpu)) }
    func remove(_ point: StopPoint, vcpu: Int) throws(TargetError) { try change(TargetCall.remove(point, vcpu)) }
    func removeAllStopPoints() { _ = answers.change(TargetCall.removeAll) }

    func agentChanged() throws(TargetError) {
        let addresses = agent.ownAddresses
        guard addresses != agentAddresses else { return }
        agentAddresses = addresses
        try change(TargetCall.agentAddresses(addresses))
    }

    // MARK: Monitor commands

    func runMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> String {
        try result(answers.change(TargetCall.monitor(name, arguments, vcpu))) { try Self.text($0) }
    }

    func longMonitorCommand(
        _ name: String, arguments: [String], vcpu: Int
    ) throws(TargetError) -> (any LongText)? {
        let isLong = try result(answers.answer(TargetCall.longMonitor(name, arguments, vcpu))) { $0 == "long" }
        return isLong ? ScriptedText(self) : nil
    }

    private static func text(_ answer: String) throws -> String {
        try TranscriptText.string(answer.dropFirst("text ".count))
    }

    /// A text whose pieces are in the record.
    private final class ScriptedText: LongText {
        private let target: ScriptedTarget

        init(_ target: ScriptedTarget) { self.target = target }

        func nextPiece() throws(TargetError) -> String? {
            defer { target.pieceCount += 1 }
            return try target.result(target.answers.answer(TargetCall.piece(target.pieceCount))) {
                try optional($0) { try ScriptedTarget.text($0) }
            }
        }
    }

    // MARK: The machine as a whole

    var host: HostDescription? {
        value(TargetCall.host, nil) { try optional($0) { try HostDescription(transcript: $0) } }
    }

    var relocation: UInt64? {
        value(TargetCall.relocation, nil) { try optional($0) { try number($0) } }
    }

    var announcesMemoryMap: Bool { value(TargetCall.announcesMemoryMap, false) { $0 == "true" } }
    var systemTables: [SystemTable] { value(TargetCall.systemTables, []) { try [SystemTable](transcript: $0) } }

    var usesPhysicalAddresses: Bool { value(TargetCall.usesPhysicalAddresses, false) { $0 == "true" } }

    var stepsHoldInterrupts: Bool { value(TargetCall.stepsHoldInterrupts, true) { $0 == "true" } }

    func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea {
        try result(answers.answer(TargetCall.memoryArea(address, vcpu))) {
            try MemoryArea(transcript: $0)
        }
    }

    func memoryMap(vcpu: Int) -> [MemoryMapEntry]? {
        value(TargetCall.memoryMap(vcpu), nil) { try optional($0) { try [MemoryMapEntry](transcript: $0) } }
    }

    func stopDescription(vcpu: Int) -> String? {
        value(TargetCall.stopDescription(vcpu), nil) { try optional($0) { try Self.text($0) } }
    }

    func setReportsPower(_ reports: Bool) throws(TargetError) { try change(TargetCall.setReportsPower(reports)) }

    func setUsesPhysicalAddresses(_ uses: Bool) throws(TargetError) {
        try change(TargetCall.setUsesPhysicalAddresses(uses))
    }

    func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError) {
        try change(TargetCall.setStepsHoldInterrupts(hold))
    }
}
