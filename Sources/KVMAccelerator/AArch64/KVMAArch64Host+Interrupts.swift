import KVM
import Machine

// The state of interrupts in KVM's GICv3 (Documentation/virt/kvm/devices/arm-vgic-v3.rst).
extension KVMAArch64Host {
    /// The state of every interrupt of a vCPU, by INTID; nil for a GICv2.
    ///
    /// No vCPU may run.
    ///
    /// - Parameter affinity: MPIDR_EL1 of the vCPU.
    func interrupts(affinity: UInt64) throws(KVMError) -> [InterruptState]? {
        guard board.gic.version == .v3 else { return nil }
        var states: [InterruptState] = []
        for first in stride(from: 0, to: board.gic.interruptCount, by: 32) {
            let bank = try InterruptBankOfKVM(first, affinity: affinity, of: interruptController)
            for number in 0..<32 {
                var state = bank.state(number)
                // Routes are read only for interrupts that are shown, because each takes two requests.
                if first >= 32, state.isEnabled || state.isPending || state.isActive {
                    let offset = 0x6000 + 8 * UInt64(first + number)
                    let low = try interruptController.distributorRegister(offset)
                    let high = try interruptController.distributorRegister(offset + 4)
                    state.route = UInt64(high) << 32 | UInt64(low)
                }
                states.append(state)
            }
        }
        return states
    }
}

/// The registers of 32 interrupts: the redistributor's for SGIs and PPIs, otherwise the distributor's, at the same
/// offsets (Arm IHI 0069, "The GIC Distributor register map" and "SGI_base").
private struct InterruptBankOfKVM {
    private let group, enabled, pendingLatch, active, levels: UInt32
    /// GICD_IPRIORITYR: four interrupts in each.
    private var priorities: [UInt32] = []
    /// GICD_ICFGR: 16 interrupts in each, with two bits for one.
    private var configurations: [UInt32] = []

    init(_ first: Int, affinity: UInt64, of gic: borrowing KVMDevice) throws(KVMError) {
        func register(_ base: UInt64, _ index: Int, perInterrupt bits: Int = 1) throws(KVMError) -> UInt32 {
            let offset = base + UInt64(first * bits / 8 + 4 * index)
            return first < 32
                ? try gic.redistributorRegister(0x1_0000 + offset, affinity: affinity)
                : try gic.distributorRegister(offset)
        }
        group = try register(0x80, 0)
        enabled = try register(0x100, 0)
        // The latch alone, without the levels of the inputs.
        pendingLatch = try register(0x200, 0)
        active = try register(0x300, 0)
        for index in 0..<8 { priorities.append(try register(0x400, index, perInterrupt: 8)) }
        for index in 0..<2 { configurations.append(try register(0xC00, index, perInterrupt: 2)) }
        levels = try gic.inputLevels(from: first, affinity: affinity)
    }

    func state(_ number: Int) -> InterruptState {
        func bit(_ register: UInt32) -> Bool { register >> UInt32(number) & 1 != 0 }
        let isEdgeTriggered = configurations[number / 16] >> UInt32(number % 16 * 2 + 1) & 1 != 0
        return InterruptState(
            isGroup1: bit(group), isEnabled: bit(enabled),
            isPending: bit(pendingLatch) || bit(levels) && !isEdgeTriggered, isActive: bit(active),
            isEdgeTriggered: isEdgeTriggered, line: bit(levels),
            priority: UInt8(truncatingIfNeeded: priorities[number / 4] >> UInt32(number % 4 * 8)))
    }
}
