/// A GICv3 with affinity routing and one Security state (GICD_CTLR.DS is 1): Group 0 is FIQ, Group 1 is IRQ.
///
/// The distributor and the redistributors are devices on the bus, the CPU interfaces are system registers. There are no
/// LPIs. A redistributor that the guest has not woken (GICR_WAKER) forwards interrupts too, as in most virtual
/// machines. Arm, IHI 0069, "GIC Architecture Specification, version 3 and 4".
///
/// Not thread-safe: the owner must make one call at a time.
package final class GICv3: Stateful {
    /// The special INTID which reports that no interrupt is pending.
    package static let spurious: UInt32 = 1023

    /// The affinity fields of each vCPU, as in its MPIDR_EL1.
    package let affinities: [UInt64]
    /// The number of INTIDs below 1020 that exist, a multiple of 32.
    package let interruptCount: Int

    /// Called after the level of a vCPU's IRQ or FIQ input has changed.
    package var onOutputChange: ((_ vcpu: Int) -> Void)?

    /// The state that snapshots save.
    package internal(set) var state: State
    /// The vCPU that each SPI is routed to, derived from `state.routes`.
    var targets: [SPITarget]
    /// The levels of each vCPU's inputs, derived from the state.
    private var outputs: [(irq: Bool, fiq: Bool)]

    /// The registers and input levels of the whole GIC.
    package struct State: Equatable, Sendable {
        /// GICD_CTLR.EnableGrp0 and EnableGrp1.
        var distributorEnabled = GroupPair(false, false)
        /// The SPIs; the bank with index 0 starts with INTID 32.
        var spis: [InterruptBank]
        /// GICD_IROUTER of each SPI.
        var routes: [UInt64]
        var redistributors: [Redistributor]
        var interfaces: [CPUInterface]

        /// The state at power-on.
        init(vcpuCount: Int, spiCount: Int) {
            spis = Array(repeating: InterruptBank(), count: spiCount / 32)
            routes = Array(repeating: 0, count: spiCount)
            redistributors = Array(repeating: Redistributor(), count: vcpuCount)
            interfaces = Array(repeating: CPUInterface(), count: vcpuCount)
        }
    }

    struct Redistributor: Equatable, Sendable {
        /// SGIs are INTIDs 0 to 15, always edge-triggered; PPIs are 16 to 31.
        var bank = InterruptBank(edge: 0x0000_FFFF)
        /// GICR_WAKER.ProcessorSleep; ChildrenAsleep has the same value.
        var isAsleep = true
    }

    enum SPITarget: Equatable {
        case vcpu(Int)
        /// The first vCPU whose CPU interface enables the interrupt's group.
        case any
        /// No vCPU has this affinity.
        case none
    }

    /// Makes a GIC in its power-on state.
    ///
    /// - Precondition: There is at least one vCPU, and `interruptCount` is a multiple of 32 from 32 to 992.
    package init(affinities: [UInt64], interruptCount: Int) {
        precondition(!affinities.isEmpty && interruptCount % 32 == 0 && (32...992).contains(interruptCount))
        self.affinities = affinities
        self.interruptCount = interruptCount
        state = State(vcpuCount: affinities.count, spiCount: interruptCount - 32)
        targets = []
        outputs = Array(repeating: (false, false), count: affinities.count)
        restore(state)
    }

    /// Returns to the power-on state, with all inputs low, because the devices that drive them are reset too.
    package func reset() {
        restore(State(vcpuCount: affinities.count, spiCount: interruptCount - 32))
    }

    /// Replaces the state and reports changed outputs.
    package func restore(_ state: State) {
        self.state = state
        targets = state.routes.map(target(route:))
        updateAll()
    }

    /// Returns the level of the vCPU's IRQ input.
    package func irqLevel(vcpu: Int) -> Bool {
        outputs.indices.contains(vcpu) && outputs[vcpu].irq
    }

    /// Returns the level of the vCPU's FIQ input.
    package func fiqLevel(vcpu: Int) -> Bool {
        outputs.indices.contains(vcpu) && outputs[vcpu].fiq
    }

    /// Sets the level of the input of a shared peripheral interrupt; SPI 0 is INTID 32.
    package func setSPI(_ number: Int, level: Bool) {
        guard number >= 0, number < targets.count else { return }
        state.spis[number / 32].setLine(1 << UInt32(number % 32), level)
        update(targets[number])
    }

    /// Sets the level of the input of a vCPU's private peripheral interrupt; PPI 0 is INTID 16.
    package func setPPI(_ number: Int, vcpu: Int, level: Bool) {
        guard (0..<16).contains(number), state.redistributors.indices.contains(vcpu) else { return }
        state.redistributors[vcpu].bank.setLine(1 << UInt32(number + 16), level)
        update(vcpu: vcpu)
    }

    func update(_ target: SPITarget) {
        switch target {
        case .vcpu(let vcpu): update(vcpu: vcpu)
        case .any: updateAll()
        case .none: break
        }
    }

    func updateAll() {
        for vcpu in affinities.indices { update(vcpu: vcpu) }
    }

    /// Computes the levels of the vCPU's inputs again and reports a change.
    func update(vcpu: Int) {
        var output = (irq: false, fiq: false)
        if let best = highestPending(vcpu: vcpu),
            state.interfaces[vcpu].takes(priority: best.priority, isGroup1: best.isGroup1)
        {
            output = (irq: best.isGroup1, fiq: !best.isGroup1)
        }
        guard output != outputs[vcpu] else { return }
        outputs[vcpu] = output
        onOutputChange?(vcpu)
    }
}
