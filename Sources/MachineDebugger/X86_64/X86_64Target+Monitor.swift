import ByteOrder
import Acceleration
package import Execution
import GDBStub
import GuestAddresses
import GuestMemory
import Machine
import NumberText
import X86_64

// The monitor commands of an x86-64 machine.
extension X86_64Target {
    /// All monitor commands.
    package static var monitorRows: [MonitorRow<X86_64Target>] {
        [
            MonitorRow(
                "translate", "VA", count: 1...1, help: "walk the selected vCPU's page tables",
                { target, words, vcpu throws(TargetError) in
                    let address = VirtualAddress(try target.address(words[0], "translate", vcpu: vcpu))
                    return try target.addressSpace(vcpu: vcpu).traceText(address)
                }),
            MonitorRow(
                "gva2gpa", "VA", count: 1...1, help: "show the guest-physical address of a virtual one",
                { target, words, vcpu throws(TargetError) in try target.physicalAddress(words[0], vcpu: vcpu) }),
            MonitorRow(
                "regime", "[auto|physical]", count: 0...1,
                help: "show or choose what addresses mean to the debugger",
                { target, words, _ throws(TargetError) in try target.chooseRegime(words.first) }),
            infoRow, cpusRow,
            MonitorRow(
                "catch", "[int3|none]", count: 0...1, help: "stop at the guest's own INT3 before it is taken",
                { target, words, _ throws(TargetError) in try target.chooseCatch(words.first) }),
            MonitorRow(
                "steps", "[kvm|flags]", count: 0...1,
                help: "show or choose what holds interrupts off in a step: KVM, or RFLAGS.IF as on older hosts",
                { target, words, _ throws(TargetError) in try target.chooseSteps(words.first) }),
        ] + sharedRows
    }

    /// The topics of `monitor info`.
    package static var infoTopics: [MonitorRow<X86_64Target>] {
        [
            MonitorRow(
                "registers", count: 0...0, help: "the selected vCPU's registers",
                { target, _, vcpu throws(TargetError) in try target.registersText(vcpu: vcpu) }),
            MonitorRow(
                "mem", count: 0...0, help: "the ranges its page tables map, in QEMU's format",
                long: { target, _, vcpu throws(TargetError) in
                    let paging = try target.accelerator.paging(vcpu: vcpu)
                    guard paging.paging.mode != .off else { return TextPieces(once: "PG disabled\n") }
                    return MappingsText(
                        X86_64AddressSpace(target.machine.memory, paging: paging), target.physicalMap,
                        .qemu { $0.qemuText })
                }),
            MonitorRow(
                "mappings", count: 0...0, help: "these ranges with the memory or device at each",
                long: { target, _, vcpu throws(TargetError) in
                    MappingsText(
                        X86_64AddressSpace(target.machine.memory, paging: try target.accelerator.paging(vcpu: vcpu)),
                        target.physicalMap,
                        .table("rights        ") {
                            $0.text + String(repeating: " ", count: max(0, 14 - $0.text.utf8.count))
                        })
                }),
            mtreeTopic, cpusRow, versionTopic,
        ]
    }

    // MARK: Addresses

    /// The reply of `gva2gpa`, with QEMU's text, which tools search for.
    private func physicalAddress(_ text: String, vcpu: Int) throws(TargetError) -> String {
        let address = VirtualAddress(try address(text, "gva2gpa", vcpu: vcpu))
        guard let (physical, _) = try? addressSpace(vcpu: vcpu).translate(address) else { return "Unmapped\n" }
        return "gpa: \(hexadecimal(physical))\n"
    }

    private func chooseRegime(_ word: String?) throws(TargetError) -> String {
        switch word {
        case nil: break
        case "auto": isPhysical = false
        case "physical": isPhysical = true
        case let word?: throw .invalid("regime \(word): use auto or physical")
        }
        return isPhysical
            ? "addresses are guest-physical\n"
            : "addresses are virtual, by the selected vCPU's page tables; kernel addresses mean the kernel's\n"
    }

    // MARK: Choices

    private func chooseCatch(_ word: String?) throws(TargetError) -> String {
        var changed = debug
        switch word {
        case nil: break
        case "int3": changed.catches = .int3
        case "none": changed.catches = []
        case let word?: throw .invalid("catch \(word): use int3 or none")
        }
        try set(changed)
        return debug.catches.contains(.int3) ? "catching: int3\n" : "catching: none\n"
    }

    private func chooseSteps(_ word: String?) throws(TargetError) -> String {
        guard let blocking = accelerator as? any StepInterruptBlocking else { return "there is nothing to choose\n" }
        switch word {
        case nil: break
        case "kvm" where !blocking.canBlockInterrupts:
            throw .invalid("steps kvm: the host's KVM has no KVM_GUESTDBG_BLOCKIRQ, which came with Linux 5.16")
        case "kvm": blocking.blocksInterrupts = true
        case "flags": blocking.blocksInterrupts = false
        case let word?: throw .invalid("steps \(word): use kvm or flags")
        }
        return blocking.blocksInterrupts
            ? "KVM holds interrupts off in a step\n" : "RFLAGS.IF is cleared for a step and restored after it\n"
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
            let value = UInt64(littleEndianBytes: bytes)
            let cells = [register.name, padded(value)]
            if index % 2 == 0 { rows.append(cells) } else { rows[rows.count - 1] += cells }
        }
        return rows
    }

    // MARK: vCPUs

    /// One line for each vCPU, with the selected one marked as in `info threads`.
    package func cpus(selected: Int) throws(TargetError) -> String {
        var text = ""
        for vcpu in 0..<vcpuCount {
            text += (vcpu == selected ? "* " : "  ") + threadName(vcpu: vcpu)
            if accelerator.activity(vcpu: vcpu) != .off {
                let paging = try accelerator.paging(vcpu: vcpu).paging
                text += "  RIP \(padded(try accelerator.programCounter(vcpu: vcpu)))"
                text += "  CR3 \(padded(paging.registers.cr3))\(paging.mode == .off ? "  paging off" : "")"
            }
            text += "\n"
        }
        return text
    }
}

extension Translation.Permissions {
    /// The permissions in QEMU's form: `u`, `r` and `w`.
    fileprivate var qemuText: String {
        (contains(.user) ? "u" : "-") + "r" + (contains(.write) ? "w" : "-")
    }
}
