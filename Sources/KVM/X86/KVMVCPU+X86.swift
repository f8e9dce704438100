import CLinuxKVM

// A vCPU's state on x86: whole structures at a time.
extension KVMVCPU {
    package func registers() throws(KVMError) -> X86Registers {
        var registers = X86Registers()
        try descriptor.request(.getRegisters, &registers)
        return registers
    }

    package func setRegisters(_ registers: X86Registers) throws(KVMError) {
        var registers = registers
        try descriptor.request(.setRegisters, &registers)
    }

    package func systemRegisters() throws(KVMError) -> X86SystemRegisters {
        var registers = X86SystemRegisters()
        try descriptor.request(.getSystemRegisters, &registers)
        return registers
    }

    package func setSystemRegisters(_ registers: X86SystemRegisters) throws(KVMError) {
        var registers = registers
        try descriptor.request(.setSystemRegisters, &registers)
    }

    /// The guest's own DR0 to DR3, DR6 and DR7.
    package func debugRegisters() throws(KVMError) -> X86DebugRegisters {
        var registers = X86DebugRegisters()
        try descriptor.request(.getDebugRegisters, &registers)
        return registers
    }

    package func setDebugRegisters(_ registers: X86DebugRegisters) throws(KVMError) {
        var registers = registers
        try descriptor.request(.setDebugRegisters, &registers)
    }

    /// The 4 KiB of XSAVE's standard form (KVM API, 4.42).
    package func extendedState() throws(KVMError) -> [UInt8] {
        var words = [UInt64](repeating: 0, count: 512)
        try descriptor.request(.getXSave, words: &words)
        // SAFETY: the bytes are copied inside the closure; words have no padding.
        return unsafe words.withUnsafeBytes { unsafe Array($0) }
    }

    package func setExtendedState(_ bytes: [UInt8]) throws(KVMError) {
        var words = [UInt64](repeating: 0, count: 512)
        // SAFETY: `words` has room for 4096 bytes, and every pattern of bits is a UInt64.
        unsafe words.withUnsafeMutableBytes { unsafe $0.copyBytes(from: bytes.prefix(4096)) }
        try descriptor.request(.setXSave, words: &words)
    }

    /// Reads a model-specific register (KVM API, 4.18).
    package func msr(_ index: UInt32) throws(KVMError) -> UInt64 {
        var words: [UInt64] = [1, UInt64(index), 0]
        let done = try descriptor.request(.getMSRs, words: &words)
        guard done == 1 else { throw KVMError(operation: "KVM_GET_MSRS of \(String(index, radix: 16))") }
        return words[2]
    }

    /// Writes one (KVM API, 4.19).
    package func setMSR(_ index: UInt32, _ value: UInt64) throws(KVMError) {
        var words: [UInt64] = [1, UInt64(index), value]
        let done = try descriptor.request(.setMSRs, words: &words)
        guard done == 1 else { throw KVMError(operation: "KVM_SET_MSRS of \(String(index, radix: 16))") }
    }

    /// Sets the results of CPUID in the guest (KVM API, 4.20).
    package func setCPUID(_ entries: [CPUIDEntry]) throws(KVMError) {
        var words = [UInt64(entries.count)] + entries.flatMap(\.words)
        try descriptor.request(.setCPUID2, words: &words)
    }

    /// The physical address of a linear one; nil if it is not mapped (KVM API, 4.15).
    package func translate(_ address: UInt64) throws(KVMError) -> UInt64? {
        var words = [address, 0, 0]
        try descriptor.request(.translate, words: &words)
        return words[2] & 0xff != 0 ? words[1] : nil
    }

    /// The multiprocessing state of a vCPU (KVM API, 4.38).
    package enum MPState: UInt32, Sendable {
        case runnable = 0
        /// Waiting for INIT, as an application processor does before it is started.
        case uninitialized = 1
        case initReceived = 2
        case halted = 3
        case sipiReceived = 4
    }

    /// nil for a state that x86 doesn't have.
    package func mpState() throws(KVMError) -> MPState? {
        var state = kvm_mp_state()
        try descriptor.request(.getMPState, &state)
        return MPState(rawValue: state.mp_state)
    }

    package func setMPState(_ state: MPState) throws(KVMError) {
        var argument = kvm_mp_state(mp_state: state.rawValue)
        try descriptor.request(.setMPState, &argument)
    }

    /// Says what the vCPU stops for, or has it take a #BP or #DB (KVM API, 4.87).
    package func setGuestDebug(_ debug: X86GuestDebug) throws(KVMError) {
        var words = debug.words
        try descriptor.request(.setX86GuestDebug, words: &words)
    }

    // MARK: Ports

    /// A value of the last port access, which has `count` of them.
    package func portValue(_ index: Int, size: Int) -> UInt64 {
        guard let place = portData(index, size: size) else { return 0 }
        return (0..<size).reduce(0) { $0 | UInt64(shared[place + $1]) << UInt64(8 * $1) }
    }

    /// Gives a value for a `portRead`; the next `run` puts it into the guest.
    package func completePortRead(_ index: Int, size: Int, _ value: UInt64) {
        guard let place = portData(index, size: size) else { return }
        for byte in 0..<size { shared[place + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)) }
    }

    /// The offset of a port's value in the shared page; nil if KVM named a place outside the page.
    private func portData(_ index: Int, size: Int) -> Int? {
        let offset = Int(clamping: shared.run.io.data_offset) + index * size
        return offset >= 0 && offset + size <= shared.size ? offset : nil
    }
}
