package import Execution
package import GDBStub
package import TargetDescription

/// A target that passes each call on to a real one, and writes the call and its answer in a transcript.
///
/// It has an agent of its own, so that the agent's reads are recorded as well: the driver of the recording asks the
/// agent about breakpoints, and the real target's agent stays empty.
package final class RecordingTarget: DebugTarget, AgentHost, MonitorCommands, MemoryAreaSource, MemoryMapSource,
    SystemTableSource, StopDescriptions, PowerReports, PhysicalAddressing, StepInterrupts
{
    private let real: any DebugTarget
    private let writer: TranscriptWriter
    private let constants: TargetFile
    package let agent: Agent
    private let agentBreakpoints: AgentBreakpoints
    private var pieceCount = 0

    /// - Parameter agentOutput: takes the text of conditions and commands at breakpoints.
    package init(_ real: any DebugTarget, _ writer: TranscriptWriter, agentOutput: @escaping ([UInt8]) -> Void) {
        self.real = real
        self.writer = writer
        constants = TargetFile(real)
        agent = Agent(output: agentOutput)
        agentBreakpoints = AgentBreakpoints(real)
    }

    // MARK: Constants, which are in the target's file

    package var description: TargetDescription { constants.description }
    package var vcpuCount: Int { real.vcpuCount }
    package var monitorCommands: [MonitorCommand] { constants.monitorCommands }
    package var watchpoints: WatchpointSupport? { real.watchpoints }
    package var supportsNonStop: Bool { constants.supportsNonStop }

    // MARK: Capabilities, which are those of the real target

    package var agentHost: (any AgentHost)? { self }
    package var monitor: (any MonitorCommands)? { self }
    package var memoryAreaSource: (any MemoryAreaSource)? { real.memoryAreaSource == nil ? nil : self }
    package var memoryMapSource: (any MemoryMapSource)? { real.memoryMapSource == nil ? nil : self }
    package var systemTableSource: (any SystemTableSource)? { real.systemTableSource == nil ? nil : self }
    package var stopDescriptions: (any StopDescriptions)? { real.stopDescriptions == nil ? nil : self }
    package var powerReports: (any PowerReports)? { real.powerReports == nil ? nil : self }
    package var physicalAddressing: (any PhysicalAddressing)? { real.physicalAddressing == nil ? nil : self }
    package var stepInterrupts: (any StepInterrupts)? { real.stepInterrupts == nil ? nil : self }

    /// A capability of the real target.
    private func real<Capability>(
        _ capability: KeyPath<any DebugTarget, Capability?>
    ) throws(TargetError) -> Capability {
        guard let capability = real[keyPath: capability] else { throw .unsupported }
        return capability
    }

    // MARK: Recording

    private func recorded<Value>(_ call: String, _ value: Value, _ text: (Value) -> String) -> Value {
        writer.call(call, text(value))
        return value
    }

    private func recorded<Value>(
        _ call: String, _ text: (Value) -> String, _ body: () throws(TargetError) -> Value
    ) throws(TargetError) -> Value {
        do throws(TargetError) {
            let value = try body()
            writer.call(call, text(value))
            return value
        } catch {
            writer.call(call, error.transcriptText)
            throw error
        }
    }

    private func change(_ call: String, _ body: () throws(TargetError) -> Void) throws(TargetError) {
        do throws(TargetError) {
            try body()
            writer.change(call, TargetCall.ok)
        } catch {
            writer.change(call, error.transcriptText)
            throw error
        }
    }

    // MARK: Registers and memory

    package func threadName(vcpu: Int) -> String {
        recorded(TargetCall.threadName(vcpu), real.threadName(vcpu: vcpu), escaped)
    }

    package func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        try recorded(TargetCall.readRegister(number, vcpu), TranscriptText.data) { () throws(TargetError) in
            try real.readRegister(number, vcpu: vcpu)
        }
    }

    package func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError) {
        try change(TargetCall.writeRegisters(values, vcpu)) { () throws(TargetError) in
            try real.writeRegisters(values, vcpu: vcpu)
        }
    }

    package func readMemory(_ address: UInt64, count: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        try recorded(TargetCall.readMemory(address, count, vcpu), TranscriptText.data) { () throws(TargetError) in
            try real.readMemory(address, count: count, vcpu: vcpu)
        }
    }

    package func writeMemory(_ address: UInt64, bytes: [UInt8], vcpu: Int) throws(TargetError) {
        try change(TargetCall.writeMemory(address, bytes, vcpu)) { () throws(TargetError) in
            try real.writeMemory(address, bytes: bytes, vcpu: vcpu)
        }
    }

    // MARK: Breakpoints and watchpoints

    package func insert(_ point: StopPoint, vcpu: Int) throws(TargetError) {
        try change(TargetCall.insert(point, vcpu)) { () throws(TargetError) in
            try real.insert(point, vcpu: vcpu)
        }
        agentBreakpoints.inserted(point)
    }

    package func remove(_ point: StopPoint, vcpu: Int) throws(TargetError) {
        try change(TargetCall.remove(point, vcpu)) { () throws(TargetError) in
            try real.remove(point, vcpu: vcpu)
            try agentBreakpoints.removed(point)
        }
    }

    package func removeAllStopPoints() {
        real.removeAllStopPoints()
        agentBreakpoints.removedAll()
        writer.change(TargetCall.removeAll, TargetCall.ok)
    }

    package func agentChanged() throws(TargetError) {
        let addresses = agent.ownAddresses
        guard addresses != agentBreakpoints.addresses else { return }
        try change(TargetCall.agentAddresses(addresses)) { () throws(TargetError) in
            try agentBreakpoints.move(to: addresses)
        }
    }

    // MARK: Monitor commands

    package func runMonitorCommand(
        _ name: String, arguments: [String], vcpu: Int
    ) throws(TargetError) -> String {
        let call = TargetCall.monitor(name, arguments, vcpu)
        do throws(TargetError) {
            let text = try real(\.monitor).runMonitorCommand(name, arguments: arguments, vcpu: vcpu)
            writer.change(call, "text " + escaped(text))
            return text
        } catch {
            writer.change(call, error.transcriptText)
            throw error
        }
    }

    package func longMonitorCommand(
        _ name: String, arguments: [String], vcpu: Int
    ) throws(TargetError) -> (any LongText)? {
        let text = try recorded(
            TargetCall.longMonitor(name, arguments, vcpu), { (text: (any LongText)?) in text == nil ? "none" : "long" }
        ) { () throws(TargetError) in
            try real(\.monitor).longMonitorCommand(name, arguments: arguments, vcpu: vcpu)
        }
        return text.map { RecordingText(self, $0) }
    }

    /// A text whose pieces are recorded.
    private final class RecordingText: LongText {
        private let target: RecordingTarget
        private let real: any LongText

        init(_ target: RecordingTarget, _ real: any LongText) {
            self.target = target
            self.real = real
        }

        func nextPiece() throws(TargetError) -> String? {
            defer { target.pieceCount += 1 }
            return try target.recorded(
                TargetCall.piece(target.pieceCount), { optional($0) { "text " + target.escaped($0) } }
            ) { () throws(TargetError) in
                try real.nextPiece()
            }
        }
    }

    private func escaped(_ text: String) -> String { TranscriptText.escaped(Array(text.utf8)) }

    // MARK: The machine as a whole

    package var host: HostDescription? {
        recorded(TargetCall.host, real.host) { optional($0, \.transcriptText) }
    }

    package var relocation: UInt64? {
        recorded(TargetCall.relocation, real.relocation) { optional($0, hexadecimal) }
    }

    package var announcesMemoryMap: Bool {
        recorded(TargetCall.announcesMemoryMap, real.memoryMapSource?.announcesMemoryMap == true) { "\($0)" }
    }

    package var systemTables: [SystemTable] {
        recorded(TargetCall.systemTables, real.systemTableSource?.systemTables ?? [], \.transcriptText)
    }

    package var usesPhysicalAddresses: Bool {
        recorded(TargetCall.usesPhysicalAddresses, real.physicalAddressing?.usesPhysicalAddresses == true) { "\($0)" }
    }

    package var stepsHoldInterrupts: Bool {
        recorded(TargetCall.stepsHoldInterrupts, real.stepInterrupts?.stepsHoldInterrupts == true) { "\($0)" }
    }

    package func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea {
        try recorded(TargetCall.memoryArea(address, vcpu), \.transcriptText) {
            () throws(TargetError) in try real(\.memoryAreaSource).memoryArea(at: address, vcpu: vcpu)
        }
    }

    package func memoryMap(vcpu: Int) -> [MemoryMapEntry]? {
        recorded(TargetCall.memoryMap(vcpu), real.memoryMapSource?.memoryMap(vcpu: vcpu)) {
            optional($0, \.transcriptText)
        }
    }

    package func stopDescription(vcpu: Int) -> String? {
        recorded(TargetCall.stopDescription(vcpu), real.stopDescriptions?.stopDescription(vcpu: vcpu)) {
            optional($0) { "text " + escaped($0) }
        }
    }

    package func setReportsPower(_ reports: Bool) throws(TargetError) {
        try change(TargetCall.setReportsPower(reports)) { () throws(TargetError) in
            try real(\.powerReports).setReportsPower(reports)
        }
    }

    package func setUsesPhysicalAddresses(_ uses: Bool) throws(TargetError) {
        try change(TargetCall.setUsesPhysicalAddresses(uses)) { () throws(TargetError) in
            try real(\.physicalAddressing).setUsesPhysicalAddresses(uses)
        }
    }

    package func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError) {
        try change(TargetCall.setStepsHoldInterrupts(hold)) { () throws(TargetError) in
            try real(\.stepInterrupts).setStepsHoldInterrupts(hold)
        }
    }
}
