import KVM

/// Which accelerators can run an AArch64 guest on this host.
package enum AcceleratorSupport {
    /// Why KVM can't be used, in one sentence without a full stop.
    package static var kvmRefusal: String {
        #if arch(arm64)
        "this version of Trapline drives AArch64 guests with its software CPU only"
        #else
        "KVM runs guests of the host's own architecture only, and this host is no AArch64"
        #endif
    }

    /// The version `/dev/kvm` reports, or why it can't be asked.
    package static func kvmDevice() -> Result<Int, HostError> {
        do throws(KVMError) {
            let system = try KVMSystem()
            return .success(try system.apiVersion())
        } catch {
            return .failure(HostError(error.operation, errno: error.errno))
        }
    }
}
