extension KVMSystem {
    /// The results of CPUID that guests of this host can have (KVM API, 4.46).
    package func supportedCPUID() throws(KVMError) -> [CPUIDEntry] {
        let room = 256
        var words = [UInt64](repeating: 0, count: 1 + room * CPUIDEntry.wordCount)
        words[0] = UInt64(room)
        try descriptor.request(.getSupportedCPUID, words: &words)
        let count = min(room, Int(words[0] & 0xffff_ffff))
        return (0..<count).map {
            CPUIDEntry(words: words[(1 + $0 * CPUIDEntry.wordCount)...].prefix(CPUIDEntry.wordCount))
        }
    }
}

// A PC's parts inside KVM.
extension KVMVirtualMachine {
    /// Makes the two 8259s, an I/O APIC and a local APIC for each vCPU to come (KVM API, 4.24).
    package func makeInterruptController() throws(KVMError) {
        try descriptor.request(.createInterruptController)
    }

    /// Makes the 8254 with port 0x61's speaker bits (KVM API, 4.71: KVM_PIT_SPEAKER_DUMMY).
    package func makeTimer() throws(KVMError) {
        var words = [UInt64](repeating: 0, count: 8)
        words[0] = 1
        try descriptor.request(.createPIT2, words: &words)
    }

    /// Says where Intel's KVM may keep four pages that the guest never sees (KVM API, 4.36 and 4.40).
    package func setHiddenPages(at address: UInt64) throws(KVMError) {
        var identityMap = address
        try descriptor.request(.setIdentityMapAddress, &identityMap)
        try descriptor.request(.setTSSAddress, Int(address + 0x1000))
    }
}
