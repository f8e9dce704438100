import AArch64
import Acceleration
import Execution
import Foundation
import GuestAddresses
import GuestMemory
import Machine
import MachineDebugger
import SoftwareAccelerator
import Synchronization
import TestSupport
import Testing
import VirtualMachine

/// The guest `turns`, and all of its state that the outside can reach.
final class TurnsGuest {
    let machine: VirtualMachine
    let accelerator: SoftwareAccelerator
    var target: any DebuggedMachine { machine.debugTarget }
    private let console = ConsoleBytes()
    private let registers: [GuestRegister]
    private static let ramBase: PhysicalAddress = 0x4000_0000
    private static let ramSize = 2 << 20

    init(vcpuCount: Int) throws {
        var configuration = VirtualMachineConfiguration()
        configuration.kernel = try GuestProgram.named("turns").path
        configuration.memorySize = UInt64(Self.ramSize)
        configuration.vcpuCount = vcpuCount
        configuration.idleTime = .isSkipped
        configuration.startSeconds = 1_800_000_000
        machine = try VirtualMachine(configuration, consoleSink: { [console] in console.append($0) })
        accelerator = try #require(machine.accelerator as? SoftwareAccelerator)
        registers =
            (0..<31).map { .x($0) } + [.spEL0, .spEL1, .pc, .pstate, .fpcr, .fpsr]
            + accelerator.systemRegisters.map { .system($0.encoding) }
    }

    deinit { machine.control.shutDown() }

    /// The differences between two machines that should be equal; empty if there are none.
    func differences(from other: TurnsGuest) throws -> [String] {
        var differences: [String] = []
        func compare<Value: Equatable>(_ name: String, _ value: (TurnsGuest) throws -> Value) rethrows {
            let (mine, others) = (try value(self), try value(other))
            if mine != others { differences.append("\(name): \(mine), \(others)") }
        }
        compare("time") { $0.accelerator.guestTime }
        compare("schedule") { $0.accelerator.schedule }
        if accelerator.machineState != other.accelerator.machineState { differences.append("state") }
        compare("console") { $0.console.bytes }
        compare("alarm") { $0.machine.machine.rtc?.secondsUntilMatch }
        compare("entropy") { $0.machine.entropy }
        for vcpu in 0..<accelerator.vcpuCount {
            for register in registers {
                try compare("vCPU \(vcpu) \(register)") { try $0.accelerator.read(register, vcpu: vcpu) }
            }
            for index in 0..<32 {
                try compare("vCPU \(vcpu) v\(index)") { try $0.accelerator.readVector(index, vcpu: vcpu) }
            }
            compare("vCPU \(vcpu) activity") { $0.accelerator.activity(vcpu: vcpu) }
            compare("vCPU \(vcpu) interrupts") { $0.machine.machine.gic?.interruptStates(vcpu: vcpu) }
        }
        let ram = try [self, other].map { try $0.machine.machine.memory.read(Self.ramBase, count: Self.ramSize) }
        // The arrays' own comparison takes a hundred times as long in a debug build.
        let isSame = ram[0].withUnsafeBytes { mine in
            ram[1].withUnsafeBytes { others in
                guard let mine = mine.baseAddress, let others = others.baseAddress else { return false }
                // SAFETY: both buffers have `ramSize` bytes.
                return memcmp(mine, others, Self.ramSize) == 0
            }
        }
        if !isSame { differences.append("RAM") }
        return differences
    }

    /// Runs all vCPUs for a number of instructions.
    func run(_ count: Int) {
        accelerator.pauseTime = accelerator.guestTime + UInt64(count)
        let vcpus = 0..<accelerator.vcpuCount
        let report = accelerator.run(
            ResumePlan(actions: vcpus.map { _ in .continue }), reportedStops: vcpus.map { _ in ReportedStops() })
        #expect(report.outcome == .requested)
    }

    /// The machine's state, its memory, and what it has printed.
    struct Snapshot {
        var state: SoftwareMachineState
        var ram: [UInt8]
        var printed: [UInt8]
    }

    func snapshot() throws -> Snapshot {
        Snapshot(
            state: accelerator.machineState, ram: try machine.machine.memory.read(Self.ramBase, count: Self.ramSize),
            printed: console.bytes)
    }

    func restore(_ snapshot: Snapshot) throws {
        accelerator.restore(snapshot.state)
        try machine.machine.memory.write(Self.ramBase, snapshot.ram)
        console.bytes = snapshot.printed
    }

    /// Resets the machine as a whole.
    func reset() throws {
        try machine.machine.reset()
        accelerator.reset()
    }

    /// 64 bits of memory.
    func word(_ address: UInt64) throws -> UInt64 {
        try machine.machine.memory.read(PhysicalAddress(address), count: 8).reversed().reduce(0) {
            $0 << 8 | UInt64($1)
        }
    }
}

/// The output of a guest.
private final class ConsoleBytes: Sendable {
    private let log = Mutex<[UInt8]>([])

    func append(_ byte: UInt8) { log.withLock { $0.append(byte) } }
    var bytes: [UInt8] {
        get { log.withLock { $0 } }
        set { log.withLock { $0 = newValue } }
    }
}
