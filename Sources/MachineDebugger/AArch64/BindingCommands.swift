import AArch64
import Acceleration
import Execution
import GDBStub
import Machine
import NumberText

// Breakpoints that are bound to one address space, such as that of one of several processes that execute the same
// addresses.
extension AArch64Target {
    static var bindingRows: [MonitorRow<AArch64Target>] {
        [
            MonitorRow(
                "bind", "ADDRESS [current | [ttbr0 VALUE] [asid N]]", count: 1...5,
                help: "let breakpoints at an address stop in one address space only",
                { target, words, vcpu throws(TargetError) in
                    try target.bind(words[0], to: words.dropFirst(), vcpu: vcpu)
                }),
            MonitorRow(
                "unbind", "ADDRESS", count: 1...1,
                help: "let breakpoints at an address stop in every address space again",
                { target, words, _ throws(TargetError) in try target.unbind(words[0]) }),
        ]
    }

    /// Upper bound on bound addresses, so that a client cannot exhaust memory.
    private static let maximumBindings = 1024

    private func bind(_ text: String, to words: ArraySlice<String>, vcpu: Int) throws(TargetError) -> String {
        let address = try instructionAddress(text, command: "bind")
        let binding = try binding(words, vcpu: vcpu)
        var changed = debug
        changed.bindings[address] = binding.tag
        guard changed.bindings.count <= Self.maximumBindings else {
            throw .noSpace("bind: \(Self.maximumBindings) addresses are bound already; unbind some of them")
        }
        try set(changed)
        return "breakpoints at \(hexadecimal(address)) stop only with \(binding.text)\n"
    }

    private func unbind(_ text: String) throws(TargetError) -> String {
        let address = try instructionAddress(text, command: "unbind")
        var changed = debug
        guard changed.bindings.removeValue(forKey: address) != nil else {
            throw .invalid("unbind \(text): this address is not bound; \"monitor info bindings\" lists those that are")
        }
        try set(changed)
        return "breakpoints at \(hexadecimal(address)) stop in every address space\n"
    }

    /// One line for each bound address, lowest first.
    var bindings: String {
        guard !debug.bindings.isEmpty else { return "no address is bound\n" }
        let sorted = debug.bindings.sorted { $0.key < $1.key }
        return sorted.map { "\(hexadecimal($0.key)): only with \(AddressSpaceBinding($0.value).text)\n" }.joined()
    }

    private func instructionAddress(_ text: String, command: String) throws(TargetError) -> UInt64 {
        guard let address = Self.number(text), address & 3 == 0 else {
            throw .invalid("\(command) \(text): give the address of an instruction, such as 0x400580")
        }
        return address
    }

    /// The binding that the words after the address describe; without any, the current address space.
    private func binding(_ words: ArraySlice<String>, vcpu: Int) throws(TargetError) -> AddressSpaceBinding {
        if words.isEmpty || Array(words) == ["current"] { return try currentAddressSpace(vcpu: vcpu) }
        var ttbr0: UInt64?
        var asid: UInt16?
        var rest = words
        while let word = rest.popFirst() {
            let value = rest.popFirst().flatMap { Self.number($0) }
            switch (word, value) {
            case ("ttbr0", let value?) where ttbr0 == nil: ttbr0 = value
            case ("asid", let value?) where asid == nil && value <= 0xffff: asid = UInt16(truncatingIfNeeded: value)
            default:
                throw .invalid("bind: after the address, give current, ttbr0 VALUE, asid N, or the last two together")
            }
        }
        return AddressSpaceBinding(ttbr0: ttbr0, asid: asid)
    }

    private func currentAddressSpace(vcpu: Int) throws(TargetError) -> AddressSpaceBinding {
        let registers = try TranslationRegisters(accelerator, vcpu: vcpu)
        let space = AArch64AddressSpace(physical: machine.memory)
        guard registers.sctlr.m else {
            throw .invalid("bind: the MMU of CPU \(vcpu) is off, so there is no address space to bind to")
        }
        // Linux has such a table at EL1 where it does not use PAN, and in kernel threads.
        guard registers.regime.pageCount(upper: false, limit: 0, read: { space.descriptor(at: $0) }) == nil else {
            throw .invalid(
                "bind: TTBR0_EL1 of CPU \(vcpu) maps nothing, so it is no process's; stop where the process runs at"
                    + " EL0, or give ttbr0 VALUE or asid N")
        }
        return AddressSpaceBinding(ttbr0: registers.ttbr0)
    }
}
