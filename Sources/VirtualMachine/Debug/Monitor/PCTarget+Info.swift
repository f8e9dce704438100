import GDBStub
import Machine
import X86_64

// `info`: what the machine and its vCPUs are like now.
extension PCTarget {
    private static let topics = [
        ["info registers", "the selected vCPU's registers"], ["info mem", "the ranges its page tables map"],
        ["info mtree", "what is at each physical address"], ["info cpus", "where each vCPU is and what it is doing"],
        ["info version", "what this program is"],
    ]

    func info(_ topic: String?, vcpu: Int) throws(TargetError) -> String {
        switch topic {
        case nil: return columns(Self.topics)
        case "registers": return try registersText(vcpu: vcpu)
        case "mem": return try mappings(vcpu: vcpu)
        case "mtree": return physicalText
        case "cpus": return try cpus(selected: vcpu)
        case "version": return versionText
        case let word?: throw .invalid("info \(word): there are registers, mem, mtree, cpus, version")
        }
    }

    // MARK: Registers

    private func registersText(vcpu: Int) throws(TargetError) -> String {
        let general = GeneralRegister.allCases.map { DebuggerRegister.general($0) } + [.rip, .eflags]
        let system = [SystemRegister.cr0, .cr2, .cr3, .cr4, .efer, .lstar].map { DebuggerRegister.system($0) }
        let rows = try lines(general + [.fsBase, .gsBase] + system, vcpu: vcpu)
        return "CPU \(vcpu)\n" + columns(rows)
    }

    /// Two registers and their values in each line.
    private func lines(_ registers: [DebuggerRegister], vcpu: Int) throws(TargetError) -> [[String]] {
        var rows: [[String]] = []
        for (index, register) in registers.enumerated() {
            let bytes = try accelerator.read(register, vcpu: vcpu)
            let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let cells = [register.name, padded(value)]
            if index % 2 == 0 { rows.append(cells) } else { rows[rows.count - 1] += cells }
        }
        return rows
    }

    // MARK: Memory

    private static let mostMappings = 2000
    /// Tables that lead back to themselves have more of them than anyone waits for.
    private static let mostSpans = 1 << 20

    private func mappings(vcpu: Int) throws(TargetError) -> String {
        let space = X86AddressSpace(machine.memory, paging: try accelerator.paging(vcpu: vcpu))
        var rows = [["from", "to", "size", "rights", "what"]]
        var next: UInt64? = 0
        var spans = Self.mostSpans
        while let address = next, rows.count <= Self.mostMappings, spans > 0 {
            let area = space.area(at: address, physicalMap, spans: &spans)
            if let rights = area.rights {
                rows.append([
                    padded(area.first), padded(area.last), sizeInWords(area.last - area.first + 1),
                    rights.text, area.name ?? "",
                ])
            }
            next = area.last == .max ? nil : area.last + 1
        }
        let rest = next.map { "not looked at from \(hexadecimal($0)) on: the tables have too many entries\n" } ?? ""
        return (rows.count > 1 ? columns(rows) : "the tables map nothing\n") + rest
    }
}

extension MemoryArea.Rights {
    /// Such as `r-x`.
    fileprivate var text: String {
        [(Self.read, "r"), (.write, "w"), (.execute, "x")].map { contains($0.0) ? $0.1 : "-" }.joined()
    }
}
