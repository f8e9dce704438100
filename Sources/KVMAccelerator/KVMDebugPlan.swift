package import Execution
package import GuestAddresses
import GuestMemory

/// The placement of the debugger's stop points on the vCPUs: which are in debug registers, and which are instructions
/// in memory.
///
/// A register works before there is memory at its address, survives a guest that writes or copies its code, and is
/// invisible to the guest. So breakpoints get registers while any are free, and the rest are breakpoint instructions.
package struct KVMDebugPlan<Registers: KVMDebugRegisters> {
    package var debug = GuestDebug()
    /// The addresses in breakpoint registers.
    package private(set) var placed: Set<UInt64> = []
    /// The addresses that get a breakpoint instruction in memory.
    package private(set) var patched: Set<UInt64> = []
    /// The places of the breakpoint instructions while they are in memory, by guest-physical address.
    package var patchedMemory: Set<PhysicalAddress> = []
    package private(set) var registers = Registers()

    /// A plan without stop points.
    package init() {}

    /// - Parameters:
    ///   - available: the number of registers that breakpoints can have.
    ///   - prefersPatches: reserves registers for addresses that can't be patched and for hardware breakpoints.
    ///   - isPatchable: whether there is RAM at a virtual address now.
    ///   - makeRegisters: makes the contents of the registers, from the addresses of their breakpoints in order.
    init(
        _ debug: GuestDebug, available: Int, prefersPatches: Bool, isPatchable: (VirtualAddress) -> Bool,
        makeRegisters: (_ placed: [UInt64]) throws(TargetError) -> Registers
    ) throws(TargetError) {
        self.debug = debug
        let inHardware = debug.hardwareBreakpoints.filter(Registers.canHoldInstruction).sorted()
        let software =
            debug.softwareBreakpoints.subtracting(debug.hardwareBreakpoints).filter(Registers.canHoldInstruction)
            .sorted()
        // Most often there is a register for each, and no translation table has to be walked.
        let free = available - inHardware.count
        var patches: [UInt64] = []
        if prefersPatches || software.count > free { patches = software.filter { isPatchable(VirtualAddress($0)) } }
        if !prefersPatches { patches = Array(patches.prefix(max(0, software.count - max(0, free)))) }
        patched = Set(patches)
        placed = Set(inHardware).union(software).subtracting(patched.subtracting(inHardware))
        guard placed.count <= available else {
            throw .invalid(
                placed.count > inHardware.count
                    ? "no free hardware breakpoint (\(available) there are) for an address without memory to "
                        + "put a \(Registers.breakpointInstruction) into: remove some"
                    : Registers.tooManyBreakpoints(needed: placed.count, available: available))
        }
        registers = try makeRegisters(placed.sorted())
    }

    /// Whether KVM must report the breakpoint instructions that the guest executes.
    var reportsBreakpointInstructions: Bool { !patchedMemory.isEmpty || !debug.catches.isEmpty }
}

/// The stop points in an architecture's debug registers.
package protocol KVMDebugRegisters: Sendable {
    /// Registers without a stop point.
    init()

    /// The mnemonic of the instruction that is put into memory.
    static var breakpointInstruction: String { get }

    /// Whether an instruction can be fetched from an address; a breakpoint anywhere else is never hit.
    static func canHoldInstruction(_ address: UInt64) -> Bool

    /// The error text for more breakpoints than there are registers.
    static func tooManyBreakpoints(needed: Int, available: Int) -> String
}
