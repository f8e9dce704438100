import Execution
import GDBStub
import TargetDescription

/// A machine whose every instruction adds one to x1: a target with the core of `DebugTarget` and nothing else.
final class CountingMachine: DebugTarget {
    let description = TargetDescription(
        architecture: "riscv:rv64",
        features: [
            Feature(
                "org.gnu.gdb.riscv.cpu",
                registers: (0...31).map { RegisterDescription("x\($0)", number: $0) } + [
                    RegisterDescription("pc", number: 32, type: "code_ptr", genericName: "pc")
                ])
        ])
    let vcpuCount = 1
    private var registers = [UInt64](repeating: 0, count: 33)
    private var memory = [UInt8](repeating: 0, count: 4096)
    private var breakpoints: Set<UInt64> = []

    func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: registers[number] >> UInt64(8 * $0)) }
    }

    func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError) {
        for (number, bytes) in values { registers[number] = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    }

    func readMemory(_ address: UInt64, count: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        guard address < UInt64(memory.count) else { throw .fault("there is no memory at this address") }
        return Array(memory[Int(address)...].prefix(count))
    }

    func writeMemory(_ address: UInt64, bytes: [UInt8], vcpu: Int) throws(TargetError) {
        guard address < UInt64(memory.count), bytes.count <= memory.count - Int(address) else {
            throw .fault("there is no memory at this address")
        }
        memory.replaceSubrange(Int(address)..<Int(address) + bytes.count, with: bytes)
    }

    func insert(_ point: StopPoint, vcpu: Int) throws(TargetError) {
        guard point.kind == .softwareBreakpoint else { throw .unsupported }
        breakpoints.insert(point.address)
    }

    func remove(_ point: StopPoint, vcpu: Int) throws(TargetError) { breakpoints.remove(point.address) }

    func removeAllStopPoints() { breakpoints = [] }

    /// Executes instructions until one of a step is done, or until the next breakpoint.
    func run(_ action: ResumeAction) -> StopEvent {
        repeat {
            registers[1] += 1
            registers[32] += 4
            if action == .step { return StopEvent(.stepped, vcpu: 0) }
        } while !breakpoints.contains(registers[32])
        return StopEvent(.softwareBreakpoint, vcpu: 0)
    }
}

/// A connection to a `CountingMachine`.
struct CountingServer: ~Copyable {
    let machine: CountingMachine
    private var session: DebugSession
    /// Whether the session is over, and the connection must be closed.
    private(set) var isClosed = false

    init(_ machine: CountingMachine) {
        self.machine = machine
        session = DebugSession(target: machine, initialStop: StopEvent(.paused, vcpu: 0), version: "1.0")
    }

    /// Takes bytes from the client, and returns the bytes for it.
    mutating func receive(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        session.receive(bytes)
        while true {
            output += session.takeOutput()
            let actions = session.takeActions()
            for action in actions {
                switch action {
                // A real machine runs elsewhere meanwhile, and this call reports its stop later.
                case .resume(let plan): session.stopped(machine.run(plan.actions[0]))
                case .detach, .kill, .leave: isClosed = true
                // This machine always stops by itself, and has no settings of a client.
                case .interrupt, .release, .hold: break
                }
            }
            if session.hasWork { session.continueWork() } else if actions.isEmpty { return output }
        }
    }
}
