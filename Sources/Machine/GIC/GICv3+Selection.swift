// The selection of the next interrupt of a vCPU, and its life cycle.
extension GICv3 {
    struct Candidate: Equatable {
        var intid: UInt32
        var priority: UInt8
        var isGroup1: Bool
    }

    /// Returns the interrupt of the highest priority that is pending, enabled, not active and of an enabled group.
    ///
    /// Of equal priorities, the lowest INTID is selected.
    func highestPending(vcpu: Int) -> Candidate? {
        let interface = state.interfaces[vcpu]
        let group0 = state.distributorEnabled.group0 && interface.enabled.group0
        let group1 = state.distributorEnabled.group1 && interface.enabled.group1
        guard group0 || group1 else { return nil }
        var best: Candidate?

        func consider(_ bank: borrowing InterruptBank, first: UInt32, accepts: (Int) -> Bool) {
            let groups = (group1 ? bank.group : 0) | (group0 ? ~bank.group : 0)
            var bits = bank.pending & bank.enabled & ~bank.active & groups
            while bits != 0 {
                let index = bits.trailingZeroBitCount
                bits &= bits - 1
                let priority = bank.priority[index]
                if let best, best.priority <= priority { continue }
                guard accepts(index) else { continue }
                best = Candidate(
                    intid: first + UInt32(index), priority: priority, isGroup1: bank.group >> UInt32(index) & 1 != 0)
            }
        }

        consider(state.redistributors[vcpu].bank, first: 0) { _ in true }
        for index in state.spis.indices where state.spis[index].pending & state.spis[index].enabled != 0 {
            consider(state.spis[index], first: UInt32(32 + index * 32)) { bit in
                goes(spi: index * 32 + bit, to: vcpu)
            }
        }
        return best
    }

    private func goes(spi: Int, to vcpu: Int) -> Bool {
        switch targets[spi] {
        case .vcpu(let target): return target == vcpu
        case .none: return false
        case .any:
            // "1 of N": always the first vCPU whose CPU interface enables the group, so that the same input gives the
            // same run.
            let isGroup1 = state.spis[spi / 32].group >> UInt32(spi % 32) & 1 != 0
            return state.interfaces.firstIndex { isGroup1 ? $0.enabled.group1 : $0.enabled.group0 } == vcpu
        }
    }

    /// Returns the target in a GICD_IROUTER value; Interrupt_Routing_Mode is bit 31.
    func target(route: UInt64) -> SPITarget {
        if route & (1 << 31) != 0 { return .any }
        return affinities.firstIndex(of: route & 0xFF_00FF_FFFF).map(SPITarget.vcpu) ?? .none
    }

    /// Returns the value of ICC_HPPIR0_EL1 or ICC_HPPIR1_EL1.
    func pendingIdentifier(isGroup1: Bool, vcpu: Int) -> UInt32 {
        guard let best = highestPending(vcpu: vcpu), best.isGroup1 == isGroup1 else { return Self.spurious }
        return best.intid
    }

    /// Returns the interrupt that a read of ICC_IAR0_EL1 or ICC_IAR1_EL1 would acknowledge, without acknowledging it.
    func acknowledgeable(isGroup1: Bool, vcpu: Int) -> Candidate? {
        guard let best = highestPending(vcpu: vcpu), best.isGroup1 == isGroup1,
            state.interfaces[vcpu].takes(priority: best.priority, isGroup1: isGroup1)
        else { return nil }
        return best
    }

    /// Reads ICC_IAR0_EL1 or ICC_IAR1_EL1: makes the interrupt active and its priority the running priority.
    func acknowledge(isGroup1: Bool, vcpu: Int) -> UInt32 {
        guard let best = acknowledgeable(isGroup1: isGroup1, vcpu: vcpu) else { return Self.spurious }
        state.interfaces[vcpu].activate(priority: best.priority, isGroup1: isGroup1)
        withBank(intid: best.intid, vcpu: vcpu) { bank, bit in bank.acknowledge(bit) }
        updateAfterChange(intid: best.intid, vcpu: vcpu)
        return best.intid
    }

    /// Writes ICC_EOIR0_EL1 or ICC_EOIR1_EL1.
    func endInterrupt(_ intid: UInt32, isGroup1: Bool, vcpu: Int) {
        guard intid < UInt32(interruptCount) else { return }
        guard state.interfaces[vcpu].dropPriority(isGroup1: isGroup1) else { return }
        if state.interfaces[vcpu].splitEndOfInterrupt {
            update(vcpu: vcpu)
        } else {
            deactivate(intid, vcpu: vcpu)
        }
    }

    /// Makes the interrupt inactive, so that it can be taken again.
    func deactivate(_ intid: UInt32, vcpu: Int) {
        guard intid < UInt32(interruptCount) else { return }
        withBank(intid: intid, vcpu: vcpu) { bank, bit in bank.active &= ~bit }
        update(vcpu: vcpu)
        updateAfterChange(intid: intid, vcpu: vcpu)
    }

    /// Makes SGIs pending for a write of ICC_SGI0R_EL1, ICC_SGI1R_EL1 or ICC_ASGI1R_EL1.
    ///
    /// - Parameter toGroup1: Whether SGIs of Group 1 are sent in addition to those of Group 0, as for ICC_SGI1R_EL1.
    func generateSGI(_ value: UInt64, toGroup1: Bool, vcpu: Int) {
        let bit: UInt32 = 1 << UInt32(value >> 24 & 0xF)
        let toAllOthers = value >> 40 & 1 != 0
        let cluster = (value >> 48 & 0xFF) << 32 | (value >> 32 & 0xFF) << 16 | (value >> 16 & 0xFF) << 8
        let range = value >> 44 & 0xF
        for target in affinities.indices {
            if toAllOthers {
                guard target != vcpu else { continue }
            } else {
                let affinity = affinities[target]
                guard affinity & ~0xFF == cluster, (affinity & 0xFF) >> 4 == range,
                    value >> (affinity & 0xF) & 1 != 0
                else { continue }
            }
            guard state.redistributors[target].bank.group & bit == 0 || toGroup1 else { continue }
            state.redistributors[target].bank.latched |= bit
            update(vcpu: target)
        }
    }

    private func withBank(intid: UInt32, vcpu: Int, _ body: (inout InterruptBank, _ bit: UInt32) -> Void) {
        let bit: UInt32 = 1 << (intid % 32)
        if intid < 32 {
            body(&state.redistributors[vcpu].bank, bit)
        } else {
            body(&state.spis[Int(intid / 32) - 1], bit)
        }
    }

    private func updateAfterChange(intid: UInt32, vcpu: Int) {
        if intid >= 32, targets[Int(intid) - 32] != .vcpu(vcpu) { update(targets[Int(intid) - 32]) }
        update(vcpu: vcpu)
    }
}
