import Execution
import GDBStub
import TargetDescription

/// A target made of dictionaries, which records changes and calls that came while it ran.
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
    var threadName = "CPU"
    /// Set by the driver that runs the machine.
    var isRunning = false
    /// The number of calls that came while the machine ran.
    private(set) var callsWhileRunning = 0
    /// Each change to the machine, as text.
    private(set) var log: [String] = []
    /// The vCPU of each access to memory.
    private(set) var memoryVCPUs: [Int] = []
    /// When set, the next change fails with it.
    var nextError: TargetError?

    // The state of the capabilities, which are in FakeTarget+Capabilities.swift.
    var offered: Offer = .usual
    var host: HostDescription?
    var watchpoints: WatchpointSupport? = WatchpointSupport(types: "aarch64-bas,aarch64-mask")
    var relocation: UInt64?
    var supportsNonStop = false
    let agentHost: (any AgentHost)?
    var monitorCommands = [
        MonitorCommand(name: "translate", arguments: "ADDRESS", help: "walk the translation tables"),
        MonitorCommand(name: "reset", help: "reset the machine"),
    ]
    var announcesMemoryMap = false
    var map: [MemoryMapEntry]?
    var systemTables: [SystemTable] = []
    var whatHappened: String?
    var reportsPower = false
    var usesPhysicalAddresses = false
    var stepsHoldInterrupts = true

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
        agentHost = hasAgent ? FakeAgentHost() : nil
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

    func called() {
        if isRunning { callsWhileRunning += 1 }
    }

    func change(_ what: String) throws(TargetError) {
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

    func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError) {
        let isOne = values.count == 1
        try change(isOne ? "register \(values[0].number) of \(vcpu)" : "\(values.count) registers of \(vcpu)")
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
}
