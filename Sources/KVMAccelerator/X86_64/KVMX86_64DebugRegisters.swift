package import Execution
package import GuestAddresses
package import KVM
package import X86_64

/// The stop points in the debug registers of an x86-64 host, which breakpoints and watchpoints share.
package struct KVMX86_64DebugRegisters: KVMDebugRegisters, Equatable {
    package let registers: DebugRegisters
    /// The watchpoint that each slot is a part of, by its index; nil for a breakpoint.
    package let owners: [Int?]

    package init() {
        (registers, owners) = (DebugRegisters(), [])
    }

    /// - Parameter placed: the addresses of breakpoints.
    package init(placed: [UInt64], watchpoints: [StopPoint]) throws(TargetError) {
        var slots: [DebugSlot] = []
        var owners: [Int?] = []
        do throws(DebugRegisterError) {
            for (index, point) in watchpoints.enumerated() {
                let parts = try Self.slots(point)
                slots += parts
                owners += parts.map { _ in index }
            }
            slots += placed.map { DebugSlot.breakpoint(at: $0) }
            registers = try DebugRegisters(slots)
        } catch {
            throw .invalid(error.text)
        }
        self.owners = owners + placed.map { _ in nil }
    }

    /// How many registers breakpoints have beside these watchpoints.
    package static func breakpointCount(besides watchpoints: [StopPoint]) -> Int {
        let used = watchpoints.reduce(0) { $0 + ((try? slots($1).count) ?? DebugRegisters.count) }
        return max(0, DebugRegisters.count - used)
    }

    package static var breakpointInstruction: String { "INT3" }

    /// Instructions begin at any address.
    package static func canHoldInstruction(_ address: UInt64) -> Bool { true }

    package static func tooManyBreakpoints(needed: Int, available: Int) -> String {
        let watched = DebugRegisters.count - available
        return DebugRegisterError.tooMany(needed: needed + watched, available: DebugRegisters.count).text
    }

    /// The slots of a watchpoint.
    ///
    /// None stops at reads alone: a read watchpoint stops at writes as well, and GDB continues after those that change
    /// the value.
    private static func slots(_ point: StopPoint) throws(DebugRegisterError) -> [DebugSlot] {
        try DebugSlot.watchpoint(
            point.address, length: point.length, access: point.kind == .writeWatchpoint ? .write : .readWrite)
    }

    /// The watchpoint that DR6 reports: its index, and the slot's first byte, which lies in it.
    package func watchpoint(_ status: DebugStatus) -> (index: Int, address: UInt64)? {
        for slot in status.hits(registers) {
            if let index = owners[slot] { return (index, registers.slots[slot].address) }
        }
        return nil
    }

    /// The slots of watchpoints alone.
    var watchpointSlots: [DebugSlot] { zip(registers.slots, owners).filter { $1 != nil }.map(\.0) }
}

extension KVMDebugPlan<KVMX86_64DebugRegisters> {
    /// - Parameters:
    ///   - prefersPatches: keeps registers for what can't be patched and for the debugger's hardware breakpoints.
    ///   - isPatchable: whether there is RAM at a virtual address now.
    package init(
        _ debug: GuestDebug, prefersPatches: Bool, isPatchable: (VirtualAddress) -> Bool
    ) throws(TargetError) {
        try self.init(
            debug, available: KVMX86_64DebugRegisters.breakpointCount(besides: debug.watchpoints),
            prefersPatches: prefersPatches, isPatchable: isPatchable
        ) { (placed) throws(TargetError) in
            try KVMX86_64DebugRegisters(placed: placed, watchpoints: debug.watchpoints)
        }
    }

    /// The argument of KVM_SET_GUEST_DEBUG for a vCPU that runs freely.
    package var freeRun: X86GuestDebug {
        var result = X86GuestDebug(registers.registers)
        if reportsBreakpointInstructions { result.control.formUnion([.enable, .softwareBreakpoints]) }
        return result
    }
}

extension X86GuestDebug {
    /// For these registers and nothing else.
    init(_ registers: DebugRegisters) {
        self.init()
        guard !registers.slots.isEmpty else { return }
        control = [.enable, .hardware]
        addresses = registers.addresses
        dr7 = registers.dr7
    }
}
