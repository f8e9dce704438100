import Execution
import GDBStub
import TargetDescription

/// A target made of dictionaries, which notes what it was asked and when it should not have been.
final class FakeTarget: DebugTarget {
    static let ramBase: UInt64 = 0x4000_0000
    static let pc = 32
    static let cpsr = 33
    static let broken = 34
    static let control = 0x8080

    let vcpuCount: Int
    var description: TargetDescription
    var registers: [[Int: [UInt8]]]
    var ram: [UInt8]
    var stopPoints: Set<StopPoint> = []
    var monitorCommands = [
        MonitorCommand(name: "translate", arguments: "ADDRESS", help: "walk the translation tables"),
        MonitorCommand(name: "reset", help: "reset the machine"),
    ]
    var threadName = "CPU"
    // The optional parts, as a target without any has them.
    var host: HostDescription?
    var watchpointCount: Int?
    var relocation: UInt64?
    var announcesMemoryMap = false
    var systemTables: [SystemTable] = []
    var usesPhysicalAddresses: Bool?
    var stepsHoldInterrupts = true
    var map: [MemoryMapEntry]?
    /// Whether it tells of memory areas: the RAM, and the holes around it.
    var hasAreas = false
    var whatHappened: String?
    var canReportPower = false
    var watchpointTypes: String? = "aarch64-bas,aarch64-mask"
    var supportsNonStop = false
    private(set) var reportsPower = false
    /// Set by whoever plays the driver.
    var isRunning = false
    /// How often it was asked something while it ran.
    private(set) var callsWhileRunning = 0
    /// Each change to the machine, as text.
    private(set) var log: [String] = []
    /// Through whose eyes memory was seen, one entry for each access.
    private(set) var memoryVCPUs: [Int] = []
    /// What evaluates conditions and commands; nil unless asked for.
    private(set) var agent: Agent?
    /// What the agent has printed.
    private(set) var printed = ""
    /// When set, the next change fails with it.
    var nextError: TargetError?

    init(vcpus: Int = 2, ramSize: Int = 0x1000, hasAgent: Bool = false) {
        vcpuCount = vcpus
        description = Self.description
        ram = (0..<ramSize).map { UInt8(truncatingIfNeeded: $0) }
        registers = (0..<vcpus).map { vcpu in
            var file: [Int: [UInt8]] = [:]
            for register in Self.description.features.flatMap(\.registers) where register.number != Self.broken {
                let value = UInt64(vcpu) << 32 | UInt64(register.number)
                file[register.number] = (0..<register.byteCount).map {
                    $0 < 8 ? UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) : 0
                }
            }
            return file
        }
        if hasAgent {
            agent = Agent(output: { [unowned self] in self.printed += Client.text($0) })
        }
    }

    /// x0–x30, sp, pc and cpsr, then a register that can't be read, a wide one, and one outside of `g`.
    static let description = TargetDescription(
        architecture: "aarch64",
        features: [
            Feature(
                "org.gnu.gdb.aarch64.core",
                types: [TypeDescription("cpsr_flags", .flags(bits: 32, fields: [.init("SP", 0...0)]))],
                registers: (0...30).map { RegisterDescription("x\($0)", number: $0) } + [
                    RegisterDescription("sp", number: 31, type: "data_ptr", genericName: "sp"),
                    RegisterDescription("pc", number: pc, type: "code_ptr", genericName: "pc"),
                    RegisterDescription("cpsr", number: cpsr, bits: 32, type: "cpsr_flags"),
                ]),
            Feature(
                "org.example.vector",
                registers: [
                    RegisterDescription("broken", number: broken),
                    RegisterDescription("v0", number: 35, bits: 128, type: "uint128"),
                ]),
            Feature(
                "org.example.system",
                registers: [
                    RegisterDescription("CONTROL", number: control, group: "system", isInGeneralPacket: false)
                ]),
        ])

    private func called() {
        if isRunning { callsWhileRunning += 1 }
    }

    private func change(_ what: String) throws(TargetError) {
        called()
        if let error = nextError {
            nextError = nil
            throw error
        }
        log.append(what)
    }

    func threadName(vcpu: Int) -> String {
        called()
        return "\(threadName) \(vcpu)"
    }

    func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        called()
        guard let bytes = registers[vcpu][number] else { throw .invalid("register \(number) is out of reach") }
        return bytes
    }

    func writeRegister(_ number: Int, vcpu: Int, bytes: [UInt8]) throws(TargetError) {
        try change("register \(number) of \(vcpu)")
        registers[vcpu][number] = bytes
    }

    func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError) {
        try change("\(values.count) registers of \(vcpu)")
        for value in values { registers[vcpu][value.number] = value.bytes }
    }

    private func range(_ address: UInt64, _ count: Int) -> Range<Int>? {
        guard address >= Self.ramBase, address - Self.ramBase < UInt64(ram.count) else { return nil }
        let start = Int(address - Self.ramBase)
        return start..<min(ram.count, start + count)
    }

    func readMemory(_ address: UInt64, count: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        called()
        memoryVCPUs.append(vcpu)
        guard let range = range(address, count) else { throw .fault("nothing is mapped there") }
        return Array(ram[range])
    }

    func writeMemory(_ address: UInt64, bytes: [UInt8], vcpu: Int) throws(TargetError) {
        memoryVCPUs.append(vcpu)
        guard let range = range(address, bytes.count), range.count == bytes.count else {
            called()
            throw .fault("nothing is mapped there")
        }
        try change("memory")
        ram.replaceSubrange(range, with: bytes)
    }

    func insert(_ point: StopPoint, vcpu: Int) throws(TargetError) {
        try change("insert \(point.kind) \(String(point.address, radix: 16)) \(point.length)")
        stopPoints.insert(point)
    }

    func remove(_ point: StopPoint, vcpu: Int) throws(TargetError) {
        try change("remove \(point.kind) \(String(point.address, radix: 16)) \(point.length)")
        stopPoints.remove(point)
    }

    func removeAllStopPoints() {
        called()
        stopPoints = []
    }

    func runMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> String {
        try change("monitor " + ([name] + arguments).joined(separator: " "))
        return "\(name) done\n"
    }

    /// Everything a target can have.
    func haveEverything() {
        host = HostDescription(
            triple: "aarch64-x-none", stopsBeforeWatchedAccess: true, lowAddressBits: 39, highAddressBits: 48)
        watchpointCount = 4
        relocation = 0x1000
        systemTables = [
            SystemTable(
                name: "cpus", help: "all <CPUs>", columns: ["CPU", "State"], rows: [["0", "on"], ["1", "\"off\""]])
        ]
        usesPhysicalAddresses = false
        map = [MemoryMapEntry(.ram, start: Self.ramBase, length: 0x1000), MemoryMapEntry(.rom, start: 0, length: 16)]
        hasAreas = true
        whatHappened = "data abort"
        canReportPower = true
    }

    func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea? {
        called()
        guard hasAreas else { return nil }
        let end = Self.ramBase + UInt64(ram.count)
        if address < Self.ramBase { return MemoryArea(first: 0, last: Self.ramBase - 1, rights: nil) }
        if address >= end { return MemoryArea(first: end, last: .max, rights: nil) }
        return MemoryArea(first: Self.ramBase, last: end - 1, rights: [.read, .write], name: "RAM;")
    }

    func memoryMap(vcpu: Int) -> [MemoryMapEntry]? {
        called()
        return map
    }

    func stopDescription(vcpu: Int) -> String? {
        called()
        return whatHappened
    }

    func setReportsPower(_ reports: Bool) throws(TargetError) {
        try change("report power \(reports)")
        guard canReportPower else { throw .invalid("power is not reported") }
        reportsPower = reports
    }

    func setUsesPhysicalAddresses(_ uses: Bool) throws(TargetError) {
        try change("physical \(uses)")
        usesPhysicalAddresses = uses
    }

    func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError) {
        try change("hold \(hold)")
        stepsHoldInterrupts = hold
    }
}
