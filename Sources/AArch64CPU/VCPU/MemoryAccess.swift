/// The kind of access that a translation is for.
package struct MemoryAccess: Equatable, Sendable {
    package enum Kind: Sendable { case read, write, fetch }

    package var kind: Kind
    /// Whether EL0's rights decide: EL0 itself, or an LDTR or STTR.
    package var isUnprivileged: Bool

    package init(_ kind: Kind, isUnprivileged: Bool) {
        self.kind = kind
        self.isUnprivileged = isUnprivileged
    }
}

/// Where a virtual address leads, and with which rights for the privilege that asked.
package struct Translation: Equatable, Sendable {
    /// The physical address of exactly the virtual address asked for.
    package var physical: UInt64
    /// The base-two logarithm of the size of the page or block that maps it.
    package var blockShift: Int
    package var isReadable: Bool
    /// Whether a write would succeed too, so that a read's walk can serve later writes; false when not known.
    package var isWritable: Bool
    /// Any Device memory type: unaligned accesses fault.
    package var isDevice: Bool

    package init(physical: UInt64, blockShift: Int, isReadable: Bool, isWritable: Bool, isDevice: Bool) {
        self.physical = physical
        self.blockShift = blockShift
        self.isReadable = isReadable
        self.isWritable = isWritable
        self.isDevice = isDevice
    }
}

/// Why an access failed: the fault status code as ESR_EL1.ISS has it (DFSC or IFSC).
package struct MemoryFault: Error, Equatable, Sendable {
    package var status: UInt8
    package var virtualAddress: UInt64

    package init(status: UInt8, virtualAddress: UInt64) {
        self.status = status
        self.virtualAddress = virtualAddress
    }

    package static let alignment: UInt8 = 0b100001
    package static let synchronousExternalAbort: UInt8 = 0b010000
}

/// A synchronous exception an instruction raises by itself; those with instructions of their own (SVC, BRK…) are
/// raised where these are executed.
package enum GuestException: Equatable, Sendable {
    case undefined
    case instructionAbort(MemoryFault)
    case dataAbort(MemoryFault, isWrite: Bool)
    case programCounterAlignment(UInt64)
    case stackPointerAlignment
    /// FP or AdvSIMD where CPACR_EL1.FPEN traps it.
    case floatingPointAccess
}

/// The outcome of an instruction that the slow path executed.
package enum SystemOutcome: Equatable, Sendable {
    /// Continue with the next instruction.
    case next
    /// PC and PSTATE have been set: an exception was taken or returned from.
    case branched
    /// Leave the run loop; PC is already where the exit's meaning wants it.
    case exit(CPUExit)
}
