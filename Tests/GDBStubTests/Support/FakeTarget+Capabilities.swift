import Execution
import GDBStub

extension FakeTarget {
    /// Capabilities that a target has.
    struct Offer: OptionSet {
        let rawValue: Int

        static let monitor = Offer(rawValue: 1 << 0)
        /// The RAM, and the holes around it.
        static let memoryAreas = Offer(rawValue: 1 << 1)
        static let memoryMap = Offer(rawValue: 1 << 2)
        static let systemTables = Offer(rawValue: 1 << 3)
        static let stopDescriptions = Offer(rawValue: 1 << 4)
        static let powerReports = Offer(rawValue: 1 << 5)
        static let physicalAddressing = Offer(rawValue: 1 << 6)
        static let stepInterrupts = Offer(rawValue: 1 << 7)

        static let usual: Offer = [.monitor, .memoryMap, .systemTables, .stopDescriptions, .stepInterrupts]
        static let everything: Offer = [.usual, .memoryAreas, .powerReports, .physicalAddressing]
    }

    var monitor: (any MonitorCommands)? { offered.contains(.monitor) ? self : nil }
    var memoryAreaSource: (any MemoryAreaSource)? { offered.contains(.memoryAreas) ? self : nil }
    var memoryMapSource: (any MemoryMapSource)? { offered.contains(.memoryMap) ? self : nil }
    var systemTableSource: (any SystemTableSource)? { offered.contains(.systemTables) ? self : nil }
    var stopDescriptions: (any StopDescriptions)? { offered.contains(.stopDescriptions) ? self : nil }
    var powerReports: (any PowerReports)? { offered.contains(.powerReports) ? self : nil }
    var physicalAddressing: (any PhysicalAddressing)? { offered.contains(.physicalAddressing) ? self : nil }
    var stepInterrupts: (any StepInterrupts)? { offered.contains(.stepInterrupts) ? self : nil }

    /// Evaluates conditions and commands; nil unless the target was made with an agent.
    var agent: Agent? { agentHost?.agent }
    /// The text that the agent has printed.
    var printed: String { (agentHost as? FakeAgentHost)?.printed ?? "" }

    /// Offers every capability, with something to report in each.
    func haveEverything() {
        offered = .everything
        host = HostDescription(
            triple: "aarch64-x-none", stopsBeforeWatchedAccess: true, lowAddressBits: 39, highAddressBits: 48)
        watchpoints?.count = 4
        relocation = 0x1000
        systemTables = [
            SystemTable(
                name: "cpus", help: "all <CPUs>", columns: ["CPU", "State"], rows: [["0", "on"], ["1", "\"off\""]])
        ]
        map = [MemoryMapEntry(.ram, start: Self.ramBase, length: 0x1000), MemoryMapEntry(.rom, start: 0, length: 16)]
        whatHappened = "data abort"
    }
}

/// A host that keeps the text of its agent, and has no breakpoints of its own to move.
final class FakeAgentHost: AgentHost {
    private(set) var printed = ""
    private(set) lazy var agent = Agent(output: { [unowned self] in self.printed += Client.text($0) })

    func agentChanged() throws(TargetError) {}
}

extension FakeTarget: MonitorCommands {
    func runMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> String {
        try change("monitor " + ([name] + arguments).joined(separator: " "))
        return "\(name) done\n"
    }
}

extension FakeTarget: MemoryAreaSource, MemoryMapSource {
    func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea {
        called()
        let end = Self.ramBase + UInt64(ram.count)
        if address < Self.ramBase { return MemoryArea(first: 0, last: Self.ramBase - 1, rights: nil) }
        if address >= end { return MemoryArea(first: end, last: .max, rights: nil) }
        return MemoryArea(first: Self.ramBase, last: end - 1, rights: [.read, .write], name: "RAM;")
    }

    func memoryMap(vcpu: Int) -> [MemoryMapEntry]? {
        called()
        return map
    }
}

extension FakeTarget: SystemTableSource {}

extension FakeTarget: StopDescriptions {
    func stopDescription(vcpu: Int) -> String? {
        called()
        return whatHappened
    }
}

extension FakeTarget: PowerReports {
    func setReportsPower(_ reports: Bool) throws(TargetError) {
        try change("report power \(reports)")
        reportsPower = reports
    }
}

extension FakeTarget: PhysicalAddressing {
    func setUsesPhysicalAddresses(_ uses: Bool) throws(TargetError) {
        try change("physical \(uses)")
        usesPhysicalAddresses = uses
    }
}

extension FakeTarget: StepInterrupts {
    func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError) {
        try change("hold \(hold)")
        stepsHoldInterrupts = hold
    }
}
