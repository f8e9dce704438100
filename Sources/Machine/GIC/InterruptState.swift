/// The state of one interrupt, as a debugger shows it.
package struct InterruptState: Equatable, Sendable {
    /// Whether it is in Group 1.
    package var isGroup1: Bool
    /// Whether it is enabled.
    package var isEnabled: Bool
    /// Whether it is pending.
    package var isPending: Bool
    /// Whether it is active.
    package var isActive: Bool
    /// Whether it is edge-triggered; if not, it is level-sensitive.
    package var isEdgeTriggered: Bool
    /// The level of the input.
    package var line: Bool
    /// The priority; lower values have precedence.
    package var priority: UInt8
    /// GICD_IROUTER; nil for SGIs and PPIs.
    package var route: UInt64?

    /// Makes the state from its parts.
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
    /// Returns all interrupts in the order of their INTIDs, with the SGIs and PPIs of the vCPU.
    package func interruptStates(vcpu: Int) -> [InterruptState] {
        (0..<interruptCount).compactMap { interruptState($0, vcpu: vcpu) }
    }

    /// Returns one interrupt without any side effect, nil if it does not exist; SGIs and PPIs are those of the vCPU.
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
