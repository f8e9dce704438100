/// A range of virtual addresses whose accesses stop the vCPU.
package struct Watchpoint: Equatable, Sendable {
    /// The kinds of access that a watchpoint stops.
    package struct Kinds: OptionSet, Sendable {
        /// The bits of the set.
        package let rawValue: UInt8
        /// Wraps a set of bits.
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Loads.
        package static let read = Kinds(rawValue: 1)
        /// Stores.
        package static let write = Kinds(rawValue: 2)
    }

    /// The virtual address of the first watched byte.
    package var address: UInt64
    /// The number of watched bytes.
    package var length: UInt64
    /// The kinds of access that stop the vCPU.
    package var kinds: Kinds

    /// Watches `length` bytes from `address`.
    package init(address: UInt64, length: UInt64, kinds: Kinds) {
        self.address = address
        self.length = length
        self.kinds = kinds
    }
}

/// Decides at a breakpoint whether the run ends.
///
/// An implementation may read the vCPU's state but must not change it.
package protocol BreakpointFilter: AnyObject {
    /// Whether the vCPU continues through the breakpoint at its PC.
    func passesBreakpoint(of vcpu: Int) -> Bool
    /// Whether ``stepped(_:)`` is called after the vCPU's next instruction.
    func followsSteps(of vcpu: Int) -> Bool
    /// Called after the vCPU has executed an instruction.
    func stepped(_ vcpu: Int)
    /// Called when the vCPU's steps are no longer followed.
    func endSteps(of vcpu: Int)
}

extension CPUCluster {
    /// Replaces the debugger's breakpoints: virtual addresses, in any address space.
    ///
    /// Blocks end before a breakpoint, so only those that contain one of the changed addresses are dropped.
    package func setBreakpoints(_ addresses: Set<UInt64>) {
        let changed = breakpoints.symmetricDifference(addresses)
        breakpoints = addresses
        if !changed.isEmpty { blocks.invalidate(virtual: changed) }
    }

    /// Replaces the debugger's watchpoints.
    ///
    /// Accesses to pages that contain a watchpoint no longer take the TLBs' fast path.
    package func setWatchpoints(_ points: [Watchpoint]) {
        guard points != watchpoints else { return }
        watchpoints = points
        watchpointMap = WatchpointMap(points)
        flushTranslations()
    }
}
