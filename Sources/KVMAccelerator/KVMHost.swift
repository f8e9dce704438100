import HostIO
import KVM
import Machine

/// The host's KVM with a virtual machine in it, built anew at each reset.
///
/// KVM resets vCPUs but not its interrupt controller: a fresh virtual machine around the same memory is the one reset
/// that leaves nothing behind.
protocol KVMHost: AnyObject {
    /// Makes a virtual machine with memory and reset vCPUs, in place of the one there was, whose vCPUs are gone.
    func rebuild(isFirst: Bool, install: (Int, consuming KVMVCPU) -> Void) throws(KVMError)
    /// Has the guest see memory as it is now.
    func mapMemory() throws(KVMError)
    /// Sets an interrupt line by the number that the machine's devices know it by.
    func setInterrupt(_ number: Int, level: Bool)
}

extension StartError {
    init(kvm reason: String) { self.init(.accelerator("kvm"), reason) }

    init(_ error: KVMError) { self.init(kvm: error.description) }
}
