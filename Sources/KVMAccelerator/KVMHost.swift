import HostIO
import KVM
import Machine

/// The host's KVM with one virtual machine, which is built again at each reset.
///
/// KVM resets vCPUs but not its interrupt controller: only a new virtual machine around the same memory has no old
/// state.
protocol KVMHost: AnyObject {
    /// Makes a virtual machine with memory and reset vCPUs, in place of the old one, whose vCPUs no longer exist.
    func rebuild(isFirst: Bool, install: (Int, consuming KVMVCPU) -> Void) throws(KVMError)
    /// Updates the memory slots after a region's mapping has changed.
    func mapMemory() throws(KVMError)
    /// Sets an interrupt line, by the number that the machine's devices use.
    func setInterrupt(_ number: Int, level: Bool)
}

extension StartError {
    init(kvm reason: String) { self.init(.accelerator("kvm"), reason) }

    init(_ error: KVMError) { self.init(kvm: error.description) }
}
