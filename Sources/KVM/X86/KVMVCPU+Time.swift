import CLinuxKVM

// A vCPU's time-stamp counter.
extension KVMVCPU {
    /// IA32_TIME_STAMP_COUNTER, as the guest would read it now (SDM volume 4, table 2-2).
    package func timeStampCounter() throws(KVMError) -> UInt64 { try msr(0x10) }

    /// The offset added to the host's scaled counter to give the guest's (Linux, "Generic vcpu interface",
    /// KVM_VCPU_TSC_OFFSET; since Linux 5.16).
    package func timeStampOffset() throws(KVMError) -> UInt64 {
        var offset: UInt64 = 0
        try offsetAttribute(.getDeviceAttribute, &offset)
        return offset
    }

    /// Sets the offset exactly, which a write of the counter's MSR does not: KVM takes small changes for attempts to
    /// synchronize vCPUs.
    package func setTimeStampOffset(_ offset: UInt64) throws(KVMError) {
        var offset = offset
        try offsetAttribute(.setDeviceAttribute, &offset)
    }

    /// KVM_VCPU_TSC_CTRL is group 0, KVM_VCPU_TSC_OFFSET its attribute 0.
    private func offsetAttribute(_ request: KVMRequest, _ offset: inout UInt64) throws(KVMError) {
        // SAFETY: the attribute has the size of `offset`, and the kernel uses the pointer during the call only.
        try unsafe withUnsafeMutablePointer(to: &offset) { (pointer) throws(KVMError) in
            var argument = kvm_device_attr(flags: 0, group: 0, attr: 0, addr: UInt64(UInt(bitPattern: pointer)))
            try descriptor.request(request, &argument)
        }
    }

    /// The frequency of the vCPU's counter in kHz (KVM API, KVM_GET_TSC_KHZ).
    package func timeStampFrequency() throws(KVMError) -> UInt64 {
        UInt64(try descriptor.request(.getTSCFrequency))
    }
}

extension KVMVirtualMachine {
    /// The guest's KVM clock in nanoseconds (KVM API, KVM_GET_CLOCK).
    package func clock() throws(KVMError) -> UInt64 {
        var words = [UInt64](repeating: 0, count: 6)
        try descriptor.request(.getClock, words: &words)
        return words[0]
    }

    package func setClock(_ nanoseconds: UInt64) throws(KVMError) {
        var words = [UInt64](repeating: 0, count: 6)
        words[0] = nanoseconds
        try descriptor.request(.setClock, words: &words)
    }
}
