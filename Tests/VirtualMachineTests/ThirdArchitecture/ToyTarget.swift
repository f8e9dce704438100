import Acceleration
import Execution
import GDBStub
import GuestAddresses
import GuestMemory
import Machine
import MachineDebugger
import TargetDescription

/// A machine of the toy architecture as a debug session drives it.
final class ToyTarget: DebuggedMachine, @unchecked Sendable {
    // SAFETY: the test uses it on one thread.
    let machine: Machine
    let accelerator: ToyAccelerator
    var debug = GuestDebug()
    var applied = GuestDebug()
    let machineAgent = Agent(output: { _ in })
    let physicalMap: PhysicalMap
    let machineReset: MachineReset
    static let breakpointInstruction = "none"
    static let watchpointTypes = "any"
    static var monitorRows: [MonitorRow<ToyTarget>] { [] }
    static var infoTopics: [MonitorRow<ToyTarget>] { [] }

    let description = TargetDescription(
        architecture: "toy",
        features: [
            Feature(
                "toy.core",
                registers: [
                    RegisterDescription("r0", number: 0),
                    RegisterDescription("pc", number: 1, type: "code_ptr", genericName: "pc"),
                ])
        ])

    init(_ machine: Machine) {
        self.machine = machine
        accelerator = ToyAccelerator(machine)
        physicalMap = PhysicalMap(machine)
        machineReset = MachineReset(machine: machine, accelerator: accelerator, panic: PanicWatch())
    }

    var vcpus: any Accelerator { accelerator }

    func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        let (r0, pc) = accelerator.registers[vcpu]
        return (0..<8).map { UInt8(truncatingIfNeeded: (number == 0 ? r0 : pc) >> UInt64(8 * $0)) }
    }

    func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError) {
        for (number, bytes) in values {
            let value = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
            if number == 0 { accelerator.registers[vcpu].r0 = value } else { accelerator.registers[vcpu].pc = value }
        }
    }

    func clientMemory(vcpu: Int) throws(TargetError) -> any AddressSpace { ToyAddressSpace(memory: machine.memory) }
    func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea {
        MemoryArea(first: 0, last: .max, rights: nil)
    }
    func cpus(selected: Int) throws(TargetError) -> String { "" }
    func check(instructionAt address: UInt64) throws(TargetError) {}
    func isBound(_ address: UInt64, toCurrentSpaceOf vcpu: Int) -> Bool { true }
    func endOfSession() { removeAllStopPoints() }
    let usesPhysicalAddresses = true
    func setUsesPhysicalAddresses(_ uses: Bool) {}
    let stepsHoldInterrupts = true
    func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError) {}
}

/// Addresses are physical.
private struct ToyAddressSpace: AddressSpace {
    let memory: GuestMemory
    let isPhysical = true

    func translate(_ address: VirtualAddress) throws(TargetError) -> (physical: PhysicalAddress, count: UInt64) {
        (PhysicalAddress(address.rawValue), 1 << 20)
    }
}
