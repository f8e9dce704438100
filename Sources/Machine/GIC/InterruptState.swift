/// What a debugger shows of one interrupt.
package struct InterruptState: Equatable, Sendable {
    package var isGroup1: Bool
    package var isEnabled: Bool
    package var isPending: Bool
    package var isActive: Bool
    package var isEdgeTriggered: Bool
    /// The level of the input.
    package var line: Bool
    package var priority: UInt8
    /// GICD_IROUTER; nil for SGIs and PPIs.
    package var route: UInt64?

    package init(
        isGroup1: Bool, isEnabled: Bool, isPending: Bool, isActive: Bool, isEdgeTriggered: Bool, line: Bool,
        priority: UInt8, route: UInt64? = nil
    ) {
        self.isGroup1 = isGroup1
        self.isEnabled = isEnabled
        self.isPending = isPending
        self.isActive = isActive
        self.isEdgeTriggered = isEdgeTriggered
        self.line = line
        self.priority = priority
        self.route = route
    }
}

extension GICv3 {
    /// Every interrupt by INTID, as the vCPU has it.
    package func interruptStates(vcpu: Int) -> [InterruptState] {
        (0..<interruptCount).compactMap { interruptState($0, vcpu: vcpu) }
    }

    /// Looks at one interrupt without any effect; SGIs and PPIs are the vCPU's own.
    package func interruptState(_ intid: Int, vcpu: Int) -> InterruptState? {
        guard state.redistributors.indices.contains(vcpu), (0..<interruptCount).contains(intid) else { return nil }
        let bank = intid < 32 ? state.redistributors[vcpu].bank : state.spis[intid / 32 - 1]
        let bit: UInt32 = 1 << UInt32(intid % 32)
        return InterruptState(
            isGroup1: bank.group & bit != 0, isEnabled: bank.enabled & bit != 0, isPending: bank.pending & bit != 0,
            isActive: bank.active & bit != 0, isEdgeTriggered: bank.edge & bit != 0, line: bank.line & bit != 0,
            priority: bank.priority[intid % 32], route: intid < 32 ? nil : state.routes[intid - 32])
    }
}
