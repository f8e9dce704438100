/// The debugger's breakpoints and watchpoints, for all vCPUs.
package struct GuestDebug: Equatable, Sendable {
    /// The addresses of software breakpoints.
    package var softwareBreakpoints: Set<UInt64> = []
    /// The addresses of hardware breakpoints.
    package var hardwareBreakpoints: Set<UInt64> = []
    /// The watched ranges.
    package var watchpoints: [StopPoint] = []
    /// The address spaces of breakpoints that stop in only one address space.
    ///
    /// A vCPU in another one does not stop at them.
    ///
    /// The key is an address, with or without a breakpoint at present, because clients remove breakpoints at each stop.
    package var bindings: [UInt64: AddressSpaceTag] = [:]
    /// The guest exceptions that stop the vCPU before they are taken.
    ///
    /// The accelerator must support catching them.
    package var catches: GuestExceptions = []
    /// The times when interrupts are masked.
    ///
    /// The accelerator must support the choice.
    package var interrupts = InterruptHolding.whileStepping
    /// Whether turning a vCPU on or off stops the machine.
    ///
    /// Requires `canReportPower`.
    package var reportsPower = false

    /// The largest number of watchpoints if the processor sets no limit.
    package static let maximumWatchpoints = 1 << 10

    /// No breakpoints and no watchpoints.
    package init() {}
}

/// A set of guest exceptions.
///
/// The meaning of the bits depends on the architecture.
package struct GuestExceptions: OptionSet, Hashable, Sendable {
    /// The bits.
    package let rawValue: UInt32

    /// The set with these bits.
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }
}

/// The translation table and the number of an address space: TTBR0_EL1 and the ASID, or CR3 and the PCID.
package struct AddressSpaceTag: Hashable, Sendable {
    /// The guest-physical address of the table; nil matches any.
    package var table: UInt64?
    /// The ASID or PCID; nil matches any.
    package var identifier: UInt16?

    /// An address space by table, number, or both.
    ///
    /// Nil matches any.
    package init(table: UInt64?, identifier: UInt16?) {
        self.table = table
        self.identifier = identifier
    }
}

/// The times when the debugger masks the guest's interrupts.
package enum InterruptHolding: CaseIterable, Sendable {
    /// At all times.
    case always
    /// Never, not even during a step.
    case never
    /// During each step.
    case whileStepping
}
