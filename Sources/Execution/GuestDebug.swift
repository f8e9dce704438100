/// The debugger's breakpoints and watchpoints, for all vCPUs.
package struct GuestDebug: Equatable, Sendable {
    /// The addresses of software breakpoints.
    package var softwareBreakpoints: Set<UInt64> = []
    /// The addresses of hardware breakpoints.
    package var hardwareBreakpoints: Set<UInt64> = []
    /// The watched ranges.
    package var watchpoints: [StopPoint] = []
    /// Addresses whose breakpoints stop only in one address space; a vCPU in another does not stop at them.
    ///
    /// The key is the address, whether it has a breakpoint or not, because clients remove breakpoints at each stop.
    package var bindings: [UInt64: AddressSpaceTag] = [:]
    /// Exceptions of the guest's own that stop instead of being taken; only those that the accelerator can catch.
    package var catches: GuestExceptions = []
    /// When interrupts are held off; only in a way that the accelerator offers.
    package var interrupts = InterruptHolding.whileStepping
    /// Stop when a vCPU is turned on or off, where `canReportPower` says so.
    package var reportsPower = false

    /// Upper bound on watchpoints where the processor has none.
    package static let maximumWatchpoints = 1 << 10

    /// No breakpoints and no watchpoints.
    package init() {}
}

/// A set of exceptions of the guest's own, by bits whose meaning is the architecture's.
package struct GuestExceptions: OptionSet, Hashable, Sendable {
    /// The bits.
    package let rawValue: UInt32

    /// The set with these bits.
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }
}

/// An address space's table and number: TTBR0_EL1 and the ASID, or CR3 and the PCID.
package struct AddressSpaceTag: Hashable, Sendable {
    /// The table's guest-physical address; nil if it doesn't matter.
    package var table: UInt64?
    /// The ASID or PCID; nil if it doesn't matter.
    package var identifier: UInt16?

    /// The address space of a table, a number, or both; nil matches any.
    package init(table: UInt64?, identifier: UInt16?) {
        self.table = table
        self.identifier = identifier
    }
}

/// The times when the debugger holds the guest's interrupts off.
package enum InterruptHolding: CaseIterable, Sendable {
    /// At all times.
    case always
    /// Never, not even during a step.
    case never
    /// During each step.
    case whileStepping
}
