/// A range of virtual addresses whose accesses stop the vCPU.
package struct Watchpoint: Equatable, Sendable {
    package struct Kinds: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let read = Kinds(rawValue: 1)
        package static let write = Kinds(rawValue: 2)
    }

    package var address: UInt64
    package var length: UInt64
    package var kinds: Kinds

    package init(address: UInt64, length: UInt64, kinds: Kinds) {
        self.address = address
        self.length = length
        self.kinds = kinds
    }
}

/// Decides about breakpoints without leaving the run; it may look at the vCPU, but change nothing.
package protocol BreakpointFilter: AnyObject {
    /// Whether the instruction at a vCPU's PC is executed as if it had no breakpoint.
    func passesBreakpoint(of vcpu: Int) -> Bool
    /// Whether the filter is to be told of the vCPU's next instruction.
    func followsSteps(of vcpu: Int) -> Bool
    /// Tells that the vCPU has executed an instruction.
    func stepped(_ vcpu: Int)
    /// Tells that it is not followed any more.
    func endSteps(of vcpu: Int)
}

extension CPUCluster {
    /// Replaces the debugger's breakpoints: virtual addresses, in whatever address space.
    ///
    /// Blocks end in front of a breakpoint, so only those that have one of the changed addresses are dropped.
    package func setBreakpoints(_ addresses: Set<UInt64>) {
        let changed = breakpoints.symmetricDifference(addresses)
        breakpoints = addresses
        if !changed.isEmpty { blocks.invalidate(virtual: changed) }
    }

    /// Replaces the debugger's watchpoints.
    ///
    /// Pages that have one are taken off the TLBs' fast path.
    package func setWatchpoints(_ points: [Watchpoint]) {
        guard points != watchpoints else { return }
        watchpoints = points
        watchpointMap = WatchpointMap(points)
        flushTranslations()
    }
}
