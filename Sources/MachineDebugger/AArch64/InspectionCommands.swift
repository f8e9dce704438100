import AArch64
import Acceleration
import Execution
import GDBStub
import Machine
import NumberText

// The topics of `info`: the current state of the machine and its vCPUs.
extension AArch64Target {
    /// The topics of `monitor info`.
    package static var infoTopics: [MonitorRow<AArch64Target>] {
        [
            MonitorRow(
                "registers", count: 0...0, help: "all registers of the selected vCPU, with the meaning of their fields",
                { target, _, vcpu throws(TargetError) in try target.registersText(vcpu: vcpu) }),
            MonitorRow(
                "mem", count: 0...0, help: "the ranges its translation tables map, in QEMU's format",
                long: { target, _, vcpu throws(TargetError) in
                    try target.mappings(vcpu: vcpu, .qemu { $0.qemuText }, whenOff: "PG disabled\n")
                }),
            MonitorRow(
                "mappings", count: 0...0,
                help: "these ranges with the permissions of EL0 and EL1, and the memory or device at each",
                long: { target, _, vcpu throws(TargetError) in
                    try target.mappings(vcpu: vcpu, .table("EL0  EL1") { $0.columns }, whenOff: nil)
                }),
            mtreeTopic, cpusRow,
            MonitorRow(
                "irq", count: 0...0, help: "interrupts that are enabled, pending or active",
                { target, _, vcpu throws(TargetError) in target.interrupts(vcpu: vcpu) }),
            MonitorRow(
                "timer", count: 0...0, help: "the generic timer of each vCPU",
                { target, _, _ throws(TargetError) in target.timersText }),
            versionTopic,
            MonitorRow(
                "bindings", count: 0...0, help: "the addresses that are bound",
                { target, _, _ throws(TargetError) in target.bindings }),
        ]
    }

    // MARK: Registers

    private func registersText(vcpu: Int) throws(TargetError) -> String {
        var text = "CPU \(vcpu)\n"
        for row in 0..<8 {
            for index in (4 * row)..<min(4 * row + 4, 31) {
                let value = try accelerator.read(.x(index), vcpu: vcpu)
                text += (index % 4 == 0 ? "" : " ") + "X\(index < 10 ? "0" : "")\(index)=" + padded(value)
            }
            text += "\n"
        }
        let state = try pstate(vcpu)
        let sp = try accelerator.read(state.el == .el0 || !state.usesSPx ? .spEL0 : .spEL1, vcpu: vcpu)
        text += "SP =\(padded(sp)) PC =\(padded(try accelerator.read(.pc, vcpu: vcpu)))\n"
        text += "PSTATE=\(hexadecimal(state.rawValue)) EL\(state.el.rawValue)\(state.usesSPx ? "h" : "t") "
        text += "\(flags(state)) DAIF \(masks(state))\n"
        for name in Self.shownRegisters {
            guard let value = systemRegister(name, vcpu: vcpu) else { continue }
            text += name + String(repeating: " ", count: 9 - name.count) + " " + padded(value)
            if name == "ESR_EL1" { text += "  " + ExceptionSyndrome(rawValue: value).text }
            text += "\n"
        }
        return text
    }

    private static let shownRegisters = [
        "ELR_EL1", "SPSR_EL1", "ESR_EL1", "FAR_EL1", "VBAR_EL1", "SCTLR_EL1", "TCR_EL1", "TTBR0_EL1", "TTBR1_EL1",
    ]

    /// A letter for each condition flag that is set, such as `-ZC-`.
    private func flags(_ state: PSTATE) -> String {
        zip("NZCV", [31, 30, 29, 28]).map { state.rawValue >> UInt64($1) & 1 != 0 ? String($0) : "-" }.joined()
    }

    // MARK: Memory

    /// Returns the list of mappings.
    ///
    /// With the MMU off, the list is `whenOff`, or the physical map if `whenOff` is nil.
    private func mappings(
        vcpu: Int, _ format: MappingsFormat<PagePermissions>, whenOff: String?
    ) throws(TargetError) -> any LongText {
        let space = try AArch64AddressSpace(accelerator, memory: machine.memory, vcpu: vcpu)
        var format = format
        if space.regime?.isEnabled != true {
            if let whenOff { return TextPieces(once: whenOff) }
            format.header = "the MMU is off: addresses are physical\n" + format.header
        }
        return MappingsText(space, physicalMap, format)
    }
}

extension PagePermissions {
    /// The permissions in QEMU's form, with an `x` that QEMU does not have for x86.
    fileprivate var qemuText: String {
        let isUsers = !isDisjoint(with: [.el0Read, .el0Write, .el0Execute])
        let rights = forClient
        return (isUsers ? "u" : "-") + (rights.contains(.read) ? "r" : "-") + (rights.contains(.write) ? "w" : "-")
            + (rights.contains(.execute) ? "x" : "-")
    }

    /// The permissions of EL0 and EL1, in two columns.
    fileprivate var columns: String { text.split(separator: " ").joined(separator: "  ") }
}
