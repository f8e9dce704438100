import KVM

// The guest's time while its vCPUs are held: its time-stamp counters and KVM's clock continue where they stood. Timers of
// KVM's devices (local APIC, 8254) run by the host's time: one that has expired meanwhile interrupts early, and the guest
// finds by its clock that nothing is due.
extension KVMX86_64Backend {
    /// The guest's two clocks at one moment.
    struct Time {
        /// The first vCPU's time-stamp counter.
        var counter: UInt64
        /// KVM's clock, in nanoseconds.
        var clock: UInt64
    }

    /// In nanoseconds.
    static let stepTime: UInt64 = 10

    /// In kHz.
    var frequency: UInt64? { try? processors[0].counterFrequency() }
}

extension KVMX86_64Processor {
    func counter() throws(KVMError) -> UInt64 {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.timeStampCounter() }
    }

    func counterFrequency() throws(KVMError) -> UInt64 {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.timeStampFrequency() }
    }

    func counterOffset() throws(KVMError) -> UInt64 {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.timeStampOffset() }
    }

    func setCounterOffset(_ offset: UInt64) throws(KVMError) {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.setTimeStampOffset(offset) }
    }
}
