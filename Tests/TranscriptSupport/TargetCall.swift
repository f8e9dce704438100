import Execution
import GDBStub

/// The calls of a session on its target, as they are written in a transcript without their answers.
enum TargetCall {
    static func threadName(_ vcpu: Int) -> String { "thread-name vcpu \(vcpu)" }
    static func readRegister(_ number: Int, _ vcpu: Int) -> String { "read-register \(number) vcpu \(vcpu)" }

    static func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], _ vcpu: Int) -> String {
        let texts = values.map { "\($0.number)=\(TranscriptText.data($0.bytes))" }
        return "write-registers \(texts.joined(separator: ",")) vcpu \(vcpu)"
    }

    static func readMemory(_ address: UInt64, _ count: Int, _ vcpu: Int) -> String {
        "read-memory \(hexadecimal(address)) \(count) vcpu \(vcpu)"
    }

    static func writeMemory(_ address: UInt64, _ bytes: [UInt8], _ vcpu: Int) -> String {
        "write-memory \(hexadecimal(address)) \(TranscriptText.data(bytes)) vcpu \(vcpu)"
    }

    static func insert(_ point: StopPoint, _ vcpu: Int) -> String { "insert \(point.transcriptText) vcpu \(vcpu)" }
    static func remove(_ point: StopPoint, _ vcpu: Int) -> String { "remove \(point.transcriptText) vcpu \(vcpu)" }
    static let removeAll = "remove-all"

    /// The addresses at which the agent has breakpoints of its own have become these.
    static func agentAddresses(_ addresses: Set<UInt64>) -> String {
        "agent-addresses " + (addresses.isEmpty ? "-" : addresses.sorted().map(hexadecimal).joined(separator: ","))
    }

    static func monitor(_ name: String, _ arguments: [String], _ vcpu: Int) -> String {
        "monitor \(([name] + arguments).map { TranscriptText.word($0) }.joined(separator: " ")) vcpu \(vcpu)"
    }

    /// Whether a monitor command has a text that comes in pieces.
    static func longMonitor(_ name: String, _ arguments: [String], _ vcpu: Int) -> String {
        "long-" + monitor(name, arguments, vcpu)
    }

    /// A piece of such a text; pieces are counted through the whole session.
    static func piece(_ number: Int) -> String { "piece \(number)" }

    static let host = "host"
    static let relocation = "relocation"
    static let announcesMemoryMap = "announces-memory-map"
    static let systemTables = "system-tables"
    static let usesPhysicalAddresses = "uses-physical-addresses"
    static let stepsHoldInterrupts = "steps-hold-interrupts"

    static func memoryArea(_ address: UInt64, _ vcpu: Int) -> String {
        "memory-area \(hexadecimal(address)) vcpu \(vcpu)"
    }

    static func memoryMap(_ vcpu: Int) -> String { "memory-map vcpu \(vcpu)" }
    static func stopDescription(_ vcpu: Int) -> String { "stop-description vcpu \(vcpu)" }
    static func setReportsPower(_ reports: Bool) -> String { "set-power-reports \(reports)" }
    static func setUsesPhysicalAddresses(_ uses: Bool) -> String { "set-physical-addresses \(uses)" }
    static func setStepsHoldInterrupts(_ hold: Bool) -> String { "set-steps-hold-interrupts \(hold)" }

    /// The answer of a call that succeeds and returns nothing.
    static let ok = "ok"
}
