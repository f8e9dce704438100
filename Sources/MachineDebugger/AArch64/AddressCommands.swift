import AArch64
import Acceleration
import Execution
import GDBStub
import GuestAddresses
import GuestMemory
import Machine
import NumberText

// Monitor commands about the translation and the meaning of addresses.
extension AArch64Target {
    static var addressRows: [MonitorRow<AArch64Target>] {
        [
            MonitorRow(
                "translate", "VA [el0|el1] [asid N]", count: 1...4,
                help: "walk translation tables: the selected vCPU's, or those of an address space",
                { target, words, vcpu throws(TargetError) in try target.translate(words, vcpu: vcpu) }),
            MonitorRow(
                "gva2gpa", "VA", count: 1...1, help: "show the guest-physical address of a virtual one",
                { target, words, vcpu throws(TargetError) in try target.physicalAddress(words[0], vcpu: vcpu) }),
            MonitorRow(
                "regime", "[auto|el1|physical]", count: 0...1,
                help: "show or choose what addresses mean to the debugger",
                { target, words, _ throws(TargetError) in try target.chooseRegime(words.first) }),
        ]
    }

    // MARK: translate

    private func translate(_ words: [String], vcpu: Int) throws(TargetError) -> String {
        let address = VirtualAddress(try address(words[0], "translate", vcpu: vcpu))
        var level: ExceptionLevel?
        var owner = vcpu
        var rest = words.dropFirst()
        while let word = rest.popFirst() {
            switch word {
            case "el0": level = .el0
            case "el1": level = .el1
            case "asid":
                guard let text = rest.popFirst(), let asid = Self.number(text), asid <= 0xffff else {
                    throw .invalid("translate: give a number after asid, such as asid 0x43")
                }
                owner = try vcpuWithASID(UInt16(asid))
            default:
                throw .invalid("translate \(word): after the address, give el0, el1, or asid and a number")
            }
        }
        let space = try AArch64AddressSpace(accelerator, memory: machine.memory, vcpu: owner, findsKernel: true)
        var text = space.traceText(address)
        if let level { text += try rights(at: address, level, vcpu: owner) }
        if owner != vcpu { text += "by the tables of CPU \(owner)\n" }
        return text
    }

    /// Returns a vCPU whose registers have the ASID.
    ///
    /// Only the tables of such a vCPU can be walked, because no register gives the tables of any other ASID.
    private func vcpuWithASID(_ asid: UInt16) throws(TargetError) -> Int {
        var seen: [String] = []
        for vcpu in 0..<vcpuCount where accelerator.activity(vcpu: vcpu) != .off {
            let registers = try TranslationRegisters(accelerator, vcpu: vcpu)
            let current = registers.tcr.asid(ttbr0: registers.ttbr0, ttbr1: registers.ttbr1)
            if current == asid { return vcpu }
            seen.append("CPU \(vcpu) has \(hexadecimal(UInt64(current)))")
        }
        throw .invalid(
            "translate: no vCPU is in the address space \(hexadecimal(UInt64(asid))) now"
                + (seen.isEmpty ? "" : " (" + seen.joined(separator: ", ") + ")"))
    }

    /// The permissions of the exception level at the address, or the fault that an access gets.
    private func rights(at address: VirtualAddress, _ level: ExceptionLevel, vcpu: Int) throws(TargetError) -> String {
        let regime = try TranslationRegisters(accelerator, vcpu: vcpu).regime
        let space = AArch64AddressSpace(physical: machine.memory)
        let pan = try pstate(vcpu).pan
        return MemoryAccess.Kind.named.map { name, kind in
            let access = MemoryAccess(kind, isPrivileged: level != .el0, pan: pan && kind != .fetch)
            do throws(TranslationFault) {
                _ = try regime.translate(address, access: access) { space.descriptor(at: $0) }
                return "EL\(level.rawValue) \(name): allowed\n"
            } catch {
                return "EL\(level.rawValue) \(name): \(error.text)\n"
            }
        }.joined()
    }

    // MARK: gva2gpa and regime

    /// The reply of `gva2gpa`, with QEMU's text, which tools search for.
    private func physicalAddress(_ text: String, vcpu: Int) throws(TargetError) -> String {
        let address = VirtualAddress(try address(text, "gva2gpa", vcpu: vcpu))
        let space = try AArch64AddressSpace(accelerator, memory: machine.memory, vcpu: vcpu, findsKernel: true)
        guard let (physical, _) = try? space.translate(address) else { return "Unmapped\n" }
        return "gpa: \(hexadecimal(physical))\n"
    }

    private func chooseRegime(_ word: String?) throws(TargetError) -> String {
        guard let word else { return "addresses are \(regime.text)\n" }
        guard let chosen = AddressRegime(rawValue: word) else {
            throw .invalid("regime \(word): use auto, el1 or physical")
        }
        regime = chosen
        return "addresses are now \(regime.text)\n"
    }
}

extension AArch64Target.AddressRegime {
    fileprivate var text: String {
        switch self {
        case .automatic: "virtual, in the translation regime of the selected vCPU; kernel addresses mean the kernel's"
        case .el1: "virtual, exactly as the selected vCPU's registers translate them now"
        case .physical: "guest-physical"
        }
    }
}

extension MemoryAccess.Kind {
    fileprivate static let named: [(String, MemoryAccess.Kind)] = [
        ("read", .read), ("write", .write), ("execute", .fetch),
    ]
}
