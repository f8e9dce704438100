import AArch64CPU
import GuestAddresses
import Machine

/// The machine's bus, system registers and interrupt controller, as the software CPU accesses them.
final class SoftwareEnvironment: CPUEnvironment {
    private let machine: Machine
    private let gic: GICv3
    /// Receives lines for the user.
    var notice: (String) -> Void = { _ in }

    /// The number of device reads of each vCPU.
    private(set) var deviceReads: [UInt64]
    /// The number of device writes of each vCPU.
    private(set) var deviceWrites: [UInt64]

    /// The environment of the machine's vCPUs.
    ///
    /// - Parameter gic: the machine's interrupt controller.
    init(_ machine: Machine, gic: GICv3) {
        self.machine = machine
        self.gic = gic
        deviceReads = Array(repeating: 0, count: machine.vcpuCount)
        deviceWrites = deviceReads
    }

    /// Connects the interrupt controller's outputs to the vCPUs.
    func attach(_ cluster: CPUCluster) {
        gic.onOutputChange = { [unowned cluster, unowned gic] vcpu in
            cluster.vcpus[vcpu].setInterruptLines(irq: gic.irqLevel(vcpu: vcpu), fiq: gic.fiqLevel(vcpu: vcpu))
        }
    }

    func readDevice(_ address: UInt64, size: Int, vcpu: Int) -> UInt64? {
        deviceReads[vcpu] &+= 1
        return machine.bus.read(PhysicalAddress(address), size: size, vcpu: vcpu)
    }

    func writeDevice(_ address: UInt64, size: Int, value: UInt64, vcpu: Int) -> Bool {
        deviceWrites[vcpu] &+= 1
        return machine.bus.write(PhysicalAddress(address), size: size, value: value, vcpu: vcpu)
    }

    func readSystemRegister(_ encoding: UInt16, vcpu: Int) -> UInt64? {
        gic.readSystemRegister(encoding, vcpu: vcpu)
    }

    func writeSystemRegister(_ encoding: UInt16, value: UInt64, vcpu: Int) -> Bool {
        gic.writeSystemRegister(encoding, value: value, vcpu: vcpu)
    }

    func guestWantsEL2(_ reason: String) {
        notice("this guest needs EL2, which the software CPU does not have (EL0 and EL1 only): \(reason)")
    }

    /// Sets the level of a timer's private interrupt: PPI 14 (INTID 30) or PPI 11 (INTID 27), as in the Base System
    /// Architecture.
    func timerOutputChanged(_ timer: GenericTimer, level: Bool, vcpu: Int) {
        gic.setPPI(timer == .physical ? 14 : 11, vcpu: vcpu, level: level)
    }
}
