/// A value for each interrupt group.
struct GroupPair<Value: Equatable & Sendable>: Equatable, Sendable {
    var group0: Value
    var group1: Value

    init(_ group0: Value, _ group1: Value) {
        self.group0 = group0
        self.group1 = group1
    }
}

/// The CPU interface of one vCPU, with the state of the ICC_* system registers.
///
/// Arm, IHI 0069, "GIC Architecture Specification, version 3 and 4", chapter on the AArch64 system registers of the CPU
/// interface. All 5 bits of a priority are for preemption, so one active priorities register for each group is enough.
struct CPUInterface: Equatable, Sendable {
    /// ICC_PMR_EL1: only interrupts of a higher priority, a lower value, are signaled.
    var priorityMask: UInt8 = 0
    /// ICC_BPR0_EL1 and ICC_BPR1_EL1.
    var binaryPoint = GroupPair<UInt8>(Self.minimumBinaryPoint0, Self.minimumBinaryPoint0 + 1)
    /// ICC_AP0R0_EL1 and ICC_AP1R0_EL1: one bit for each of the 32 preemption levels.
    var activePriorities = GroupPair<UInt32>(0, 0)
    /// ICC_IGRPEN0_EL1 and ICC_IGRPEN1_EL1.
    var enabled = GroupPair(false, false)
    /// ICC_CTLR_EL1.CBPR: ICC_BPR0_EL1 applies to both groups.
    var commonBinaryPoint = false
    /// ICC_CTLR_EL1.EOImode: a write of EOIR only drops the priority, and a write of DIR deactivates the interrupt.
    var splitEndOfInterrupt = false

    /// 7 minus the number of priority bits.
    static let minimumBinaryPoint0: UInt8 = 2
    /// The running priority without an active interrupt.
    static let idle: UInt8 = 0xFF

    /// ICC_RPR_EL1: the highest priority of an active interrupt, or `idle`.
    var runningPriority: UInt8 {
        let active = activePriorities.group0 | activePriorities.group1
        return active == 0 ? Self.idle : UInt8(active.trailingZeroBitCount) << 3
    }

    /// Returns the group priority, the part of a priority that determines preemption.
    func groupPriority(_ priority: UInt8, isGroup1: Bool) -> UInt8 {
        let shift = isGroup1 && !commonBinaryPoint ? binaryPoint.group1 : binaryPoint.group0 + 1
        return shift > 7 ? 0 : priority & (0xFF << shift)
    }

    /// Whether a pending interrupt of this priority is signaled.
    func takes(priority: UInt8, isGroup1: Bool) -> Bool {
        priority < priorityMask && groupPriority(priority, isGroup1: isGroup1) < runningPriority
    }

    mutating func activate(priority: UInt8, isGroup1: Bool) {
        let level: UInt32 = 1 << UInt32(groupPriority(priority, isGroup1: isGroup1) >> 3)
        if isGroup1 { activePriorities.group1 |= level } else { activePriorities.group0 |= level }
    }

    /// Drops the running priority if it is of the group; false if it is not, so that the end of interrupt is ignored.
    mutating func dropPriority(isGroup1: Bool) -> Bool {
        let (group0, group1) = (activePriorities.group0, activePriorities.group1)
        let lowest0 = group0.trailingZeroBitCount
        let lowest1 = group1.trailingZeroBitCount
        if isGroup1 {
            guard group1 != 0, lowest1 < lowest0 else { return false }
            activePriorities.group1 &= group1 - 1
        } else {
            guard group0 != 0, lowest0 <= lowest1 else { return false }
            activePriorities.group0 &= group0 - 1
        }
        return true
    }

    /// ICC_CTLR_EL1: PRIbits is 4 (5 bits), IDbits is 0 (16 bits of INTID), A3V is 1, RSS is 0 (Aff0 up to 15).
    var control: UInt64 {
        get {
            (commonBinaryPoint ? 1 : 0) | (splitEndOfInterrupt ? 2 : 0) | 4 << 8 | 1 << 15
        }
        set {
            commonBinaryPoint = newValue & 1 != 0
            splitEndOfInterrupt = newValue & 2 != 0
        }
    }

    /// The value that ICC_BPR1_EL1 reads as; with CBPR set it depends on ICC_BPR0_EL1.
    var visibleBinaryPoint1: UInt8 {
        commonBinaryPoint ? min(binaryPoint.group0 + 1, 7) : binaryPoint.group1
    }

    mutating func writeBinaryPoint0(_ value: UInt64) {
        binaryPoint.group0 = max(UInt8(value & 7), Self.minimumBinaryPoint0)
    }

    mutating func writeBinaryPoint1(_ value: UInt64) {
        guard !commonBinaryPoint else { return }
        binaryPoint.group1 = max(UInt8(value & 7), Self.minimumBinaryPoint0 + 1)
    }
}
