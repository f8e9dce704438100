package import AArch64
import Acceleration
package import Execution
package import GuestAddresses
import GuestMemory
package import KVM

/// How the debugger's stop points are put into the vCPUs: which into debug registers, which into memory.
///
/// A register needs no memory at its address yet, survives a guest that writes or copies its code, and shows nowhere;
/// so breakpoints get registers while there are any, and the rest are BRK instructions.
package struct KVMDebugPlan {
    package var debug = GuestDebug()
    /// The addresses in breakpoint registers.
    package private(set) var placed: Set<UInt64> = []
    /// The addresses that want a BRK in memory.
    package private(set) var patched: Set<UInt64> = []
    /// Where the BRKs are now, by guest-physical address.
    package var patchedMemory: Set<PhysicalAddress> = []
    package private(set) var watched: [WatchedRange] = []
    private var registers: DebugRegisterFile?
    /// Instead of `watched` and `registers` on x86.
    package private(set) var x86: KVMX86_64Plan?

    /// Nothing to stop for.
    package init() {}

    /// - Parameters:
    ///   - counts: the host's debug registers.
    ///   - prefersPatches: keeps registers for what can't be patched and for the debugger's hardware breakpoints.
    ///   - isPatchable: whether there is RAM at a virtual address now.
    package init(
        _ debug: GuestDebug, counts: DebugRegisterCounts, prefersPatches: Bool, isPatchable: (VirtualAddress) -> Bool
    ) throws(TargetError) {
        self.debug = debug
        watched = debug.watchpoints.map { WatchedRange($0) }
        // No instruction is fetched from an address that is no multiple of 4: neither a register nor a BRK is met there.
        try place(
            available: counts.breakpoints, prefersPatches: prefersPatches, instruction: "BRK",
            canHoldInstruction: { $0 & 3 == 0 }, isPatchable)
        do throws(DebugRegisterError) {
            registers = try DebugRegisterFile(breakpoints: placed.sorted(), watchpoints: watched, counts: counts)
        } catch {
            throw .invalid(error.text)
        }
    }

    /// The plan for x86, whose four registers breakpoints and watchpoints share.
    package init(
        x86 debug: GuestDebug, prefersPatches: Bool, isPatchable: (VirtualAddress) -> Bool
    ) throws(TargetError) {
        self.debug = debug
        let available = KVMX86_64Plan.breakpointCount(besides: debug.watchpoints)
        try place(
            available: available, prefersPatches: prefersPatches, instruction: "INT3",
            canHoldInstruction: { _ in true },
            isPatchable)
        x86 = try KVMX86_64Plan(placed: placed.sorted(), watchpoints: debug.watchpoints)
    }

    /// Decides which breakpoints get registers and which are instructions in memory.
    private mutating func place(
        available: Int, prefersPatches: Bool, instruction: String, canHoldInstruction: (UInt64) -> Bool,
        _ isPatchable: (VirtualAddress) -> Bool
    ) throws(TargetError) {
        let inHardware = debug.hardwareBreakpoints.filter(canHoldInstruction).sorted()
        let software =
            debug.softwareBreakpoints.subtracting(debug.hardwareBreakpoints).filter(canHoldInstruction).sorted()
        // Most often there is a register for each: then nobody needs to walk tables.
        let free = available - inHardware.count
        var patches: [UInt64] = []
        if prefersPatches || software.count > free { patches = software.filter { isPatchable(VirtualAddress($0)) } }
        if !prefersPatches { patches = Array(patches.prefix(max(0, software.count - max(0, free)))) }
        patched = Set(patches)
        placed = Set(inHardware).union(software).subtracting(patched.subtracting(inHardware))
        let needed = placed.count
        guard needed <= available else {
            let unmapped = needed - inHardware.count
            throw .invalid(
                unmapped > 0
                    ? "no free hardware breakpoint (\(available) there are) for an address without memory to "
                        + "put a \(instruction) into: remove some"
                    : DebugRegisterError.tooManyBreakpoints(needed: needed, available: available).text)
        }
    }

    /// For a vCPU of x86's that runs freely.
    package var armedX86: X86GuestDebug {
        var result = x86.map { X86GuestDebug($0.registers) } ?? X86GuestDebug()
        if !patchedMemory.isEmpty || !debug.catches.isEmpty {
            result.control.formUnion([.enable, .softwareBreakpoints])
        }
        return result
    }

    /// For a vCPU that runs freely.
    package var armed: ArmGuestDebug {
        var result = ArmGuestDebug()
        result.breakpoints = registers?.breakpoints.map { ($0.value, $0.control) } ?? []
        result.watchpoints = watchpointRegisters
        if !result.breakpoints.isEmpty || !result.watchpoints.isEmpty { result.control = [.enable, .hardware] }
        if !patchedMemory.isEmpty || !debug.catches.isEmpty {
            result.control.formUnion([.enable, .softwareBreakpoints])
        }
        return result
    }

    /// For a vCPU that executes one instruction: no breakpoints, for it may be at one.
    package func stepping(ignoringWatchpoints: Bool) -> ArmGuestDebug {
        var result = ArmGuestDebug()
        result.control = [.enable, .singleStep, .softwareBreakpoints]
        if !ignoringWatchpoints, !watched.isEmpty {
            result.watchpoints = watchpointRegisters
            result.control.insert(.hardware)
        }
        return result
    }

    /// For a vCPU that runs to one of a few addresses.
    package func running(to addresses: [UInt64], ignoringWatchpoints: Bool) -> ArmGuestDebug {
        var result = ArmGuestDebug()
        result.control = [.enable, .hardware, .softwareBreakpoints]
        result.breakpoints = addresses.compactMap { address in
            (try? DebugRegisterEncoding.breakpoint(at: address)).map { ($0.value, $0.control) }
        }
        if !ignoringWatchpoints { result.watchpoints = watchpointRegisters }
        return result
    }

    private var watchpointRegisters: [(value: UInt64, control: UInt64)] {
        registers?.watchpoints.map { ($0.value, $0.control) } ?? []
    }
}

extension WatchedRange {
    init(_ point: StopPoint) {
        let access: WatchedAccess =
            switch point.kind {
            case .readWatchpoint: .read
            case .accessWatchpoint: .readWrite
            default: .write
            }
        self.init(address: point.address, length: point.length, access: access)
    }
}
