import AArch64
package import GDBStub
import Machine

extension MachineTarget {
    package var monitorCommands: [MonitorCommand] {
        [
            MonitorCommand(name: "translate", arguments: "VA", help: "walk the selected vCPU's translation tables"),
            MonitorCommand(
                name: "regime", arguments: "[auto|physical]", help: "say or choose what addresses mean to the debugger"),
            MonitorCommand(
                name: "catch", arguments: "[brk|none]", help: "say or choose which guest exceptions stop the machine"),
            MonitorCommand(name: "cpus", help: "show where each vCPU is and what it is doing"),
            MonitorCommand(
                name: "bind", arguments: "ADDRESS [current | [ttbr0 VALUE] [asid N]]",
                help: "let breakpoints at an address stop in one address space only"),
            MonitorCommand(name: "unbind", arguments: "ADDRESS", help: "let them stop in every address space again"),
            MonitorCommand(name: "info", arguments: "bindings", help: "list the addresses that are bound"),
            MonitorCommand(
                name: "breakpoints", arguments: "[auto|memory]",
                help: "say or choose where software breakpoints are put: registers first, or BRKs in memory first"),
            MonitorCommand(name: "reset", help: "restart the machine, held before its first instruction"),
        ]
    }

    package func runMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> String {
        switch (name, arguments.count) {
        case ("translate", 1): return try translate(arguments[0], vcpu: vcpu)
        case ("regime", 0): return "addresses are \(regimeText)\n"
        case ("regime", 1):
            guard let chosen = AddressRegime(rawValue: arguments[0]) else {
                throw .invalid("regime \(arguments[0]): use auto or physical")
            }
            regime = chosen
            return "addresses are now \(regimeText)\n"
        case ("catch", 0): return debug.catchesGuestBreakpoints ? "catching: brk\n" : "catching: none\n"
        case ("catch", 1): return try setCatch(arguments[0])
        case ("cpus", 0): return try cpus(selected: vcpu)
        case ("bind", 1...): return try bind(arguments[0], to: arguments.dropFirst(), vcpu: vcpu)
        case ("unbind", 1): return try unbind(arguments[0])
        case ("info", 1) where arguments[0] == "bindings": return bindings
        case ("breakpoints", 0...1): return try breakpoints(arguments.first)
        case ("reset", 0):
            try reset()
            return "the machine is back at its first instruction; use \"maintenance flush register-cache\" to see it\n"
        default:
            throw .invalid("\(name): wrong arguments; see \"monitor help\"")
        }
    }

    private func reset() throws(TargetError) {
        do throws(MachineError) {
            try restart.perform()
        } catch {
            throw .invalid("reset: \(error)")
        }
    }

    /// Says, or chooses from the next one set on, where software breakpoints are put.
    private func breakpoints(_ choice: String?) throws(TargetError) -> String {
        guard let kvm = accelerator as? KVMAccelerator else {
            return "the software CPU keeps breakpoints beside memory: there is nothing to choose\n"
        }
        switch choice {
        case nil: break
        case "auto": kvm.prefersPatches = false
        case "memory": kvm.prefersPatches = true
        case .some(let other): throw .invalid("breakpoints \(other): use auto or memory")
        }
        return kvm.prefersPatches
            ? "software breakpoints are BRK instructions in guest memory\n"
            : "software breakpoints are in the processor's registers while there are any, then in guest memory\n"
    }

    private var regimeText: String {
        switch regime {
        case .automatic: "virtual, in the translation regime of the selected vCPU"
        case .physical: "guest-physical"
        }
    }

    private func setCatch(_ what: String) throws(TargetError) -> String {
        var changed = debug
        switch what {
        case "brk": changed.catchesGuestBreakpoints = true
        case "none": changed.catchesGuestBreakpoints = false
        default: throw .invalid("catch \(what): use brk or none")
        }
        try set(changed)
        return debug.catchesGuestBreakpoints
            ? "BRK instructions of the guest's own now stop the machine\n"
            : "BRK instructions of the guest's own go to the guest\n"
    }

    private func translate(_ text: String, vcpu: Int) throws(TargetError) -> String {
        guard let address = Self.address(text) else {
            throw .invalid("translate \(text): give an address, such as 0x40080000")
        }
        return try GuestAddressSpace(accelerator, memory: machine.memory, vcpu: vcpu, findsKernel: true)
            .traceText(address)
    }

    /// A number as C writes it: decimal, or hexadecimal after 0x.
    static func address(_ text: String) -> UInt64? {
        let lower = text.lowercased()
        return lower.hasPrefix("0x") ? UInt64(lower.dropFirst(2), radix: 16) : UInt64(lower)
    }
}
