import AArch64
import GDBStub
import Machine

// `info`: what the machine and its vCPUs are like now.
extension MachineTarget {
    static var inspectionRows: [MonitorRow] {
        [
            MonitorRow(
                "info", "registers|mem|mtree|cpus|irq|timer|version|bindings", count: 0...1,
                help: "show registers, mapped memory, the physical map, vCPUs, interrupts, timers …",
                { target, words, vcpu throws(TargetError) in try target.info(words.first, vcpu: vcpu) }),
            MonitorRow(
                "cpus", count: 0...0, help: "show where each vCPU is and what it is doing",
                { target, _, vcpu throws(TargetError) in try target.cpus(selected: vcpu) }),
        ]
    }

    /// A row for each topic of `info`.
    private static var topics: [(name: String, help: String, body: MonitorRow.Body)] {
        [
            (
                "registers", "all registers of the selected vCPU, with what they say",
                { target, _, vcpu throws(TargetError) in try target.registersText(vcpu: vcpu) }
            ),
            (
                "mem", "the ranges its translation tables map",
                { target, _, vcpu throws(TargetError) in try target.mappings(vcpu: vcpu) }
            ),
            ("mtree", "what is at each physical address", { target, _, _ throws(TargetError) in target.physicalText }),
            (
                "cpus", "where each vCPU is and what it is doing",
                { target, _, vcpu throws(TargetError) in try target.cpus(selected: vcpu) }
            ),
            (
                "irq", "interrupts that are enabled, pending or active",
                { target, _, vcpu throws(TargetError) in target.interrupts(vcpu: vcpu) }
            ),
            (
                "timer", "the generic timer of each vCPU",
                { target, _, _ throws(TargetError) in target.timersText }
            ),
            (
                "version", "what this program is",
                { target, _, _ throws(TargetError) in target.versionText }
            ),
            ("bindings", "the addresses that are bound", { target, _, _ throws(TargetError) in target.bindings }),
        ]
    }

    private func info(_ topic: String?, vcpu: Int) throws(TargetError) -> String {
        guard let topic else { return columns(Self.topics.map { ["info " + $0.name, $0.help] }) }
        guard let row = Self.topics.first(where: { $0.name == topic }) else {
            throw .invalid("info \(topic): there are " + Self.topics.map(\.name).joined(separator: ", "))
        }
        return try row.body(self, [], vcpu)
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

    private static let mostMappings = 2000
    /// Tables that lead back to themselves have more of them than anyone waits for.
    private static let mostSpans = 1 << 20

    private func mappings(vcpu: Int) throws(TargetError) -> String {
        let space = try GuestAddressSpace(accelerator, memory: machine.memory, vcpu: vcpu)
        var rows = [["from", "to", "size", "EL0", "EL1", "what"]]
        var next: UInt64? = 0
        var spans = Self.mostSpans
        while let address = next, rows.count <= Self.mostMappings, spans > 0 {
            let area = space.area(at: address, physicalMap, spans: &spans)
            if let permissions = area.permissions {
                let rights = permissions.text.split(separator: " ").map(String.init)
                rows.append([
                    padded(area.first), padded(area.last), sizeInWords(area.last - area.first + 1), rights[0],
                    rights[1],
                    area.place.text,
                ])
            }
            next = area.last == .max ? nil : area.last + 1
        }
        if space.regime?.isEnabled != true { return "the MMU is off: addresses are physical\n" + columns(rows) }
        let rest = next.map { "not looked at from \(hexadecimal($0)) on: the tables have too many entries\n" } ?? ""
        return (rows.count > 1 ? columns(rows) : "the tables map nothing\n") + rest
    }
}
