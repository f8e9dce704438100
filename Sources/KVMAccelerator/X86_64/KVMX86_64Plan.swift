package import Execution
import KVM
package import X86_64

/// The part of a plan that is in x86's debug registers, which breakpoints and watchpoints share.
package struct KVMX86_64Plan: Equatable {
    package let registers: DebugRegisters
    /// The watchpoint that each slot is a part of, by its index; nil for a breakpoint.
    package let owners: [Int?]

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

    /// There is none that stops at reads alone: writes stop it as well, and GDB passes over those that change the value.
    private static func slots(_ point: StopPoint) throws(DebugRegisterError) -> [DebugSlot] {
        try DebugSlot.watchpoint(
            point.address, length: point.length, access: point.kind == .writeWatchpoint ? .write : .readWrite)
    }

    /// The watchpoint that DR6 tells of: its index, and the slot's first byte, which lies in it.
    package func watchpoint(_ status: DebugStatus) -> (index: Int, address: UInt64)? {
        for slot in status.hits(registers) {
            if let index = owners[slot] { return (index, registers.slots[slot].address) }
        }
        return nil
    }

    /// The slots of watchpoints alone.
    var watchpointSlots: [DebugSlot] { zip(registers.slots, owners).filter { $1 != nil }.map(\.0) }
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
