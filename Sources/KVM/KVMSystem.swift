import CLinuxKVM
import Glibc

/// The open `/dev/kvm`: what the host's KVM is and can do (KVM API, section 4, "API description", system ioctls).
package struct KVMSystem: ~Copyable {
    private let descriptor: CInt

    /// Opens the device.
    ///
    /// Opening proves little: a KVM that opens may still not run a guest.
    package init() throws(KVMError) {
        descriptor = open("/dev/kvm", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw KVMError(operation: "open /dev/kvm", errno: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// 12 on every kernel since 2.6.22; any other is to be refused.
    ///
    /// The corresponding ioctl is `KVM_GET_API_VERSION`.
    package func apiVersion() throws(KVMError) -> Int {
        let version = ioctl(descriptor, KVMRequest.getAPIVersion)
        guard version >= 0 else { throw KVMError(operation: "KVM_GET_API_VERSION", errno: errno) }
        return Int(version)
    }
}

/// The ioctl numbers in use (`<linux/kvm.h>`; Swift can't import the `_IO` macros).
enum KVMRequest {
    /// KVM API 4.1, `_IO(KVMIO, 0x00)`.
    static let getAPIVersion = UInt(0xAE00)
}

/// A failed call to KVM.
package struct KVMError: Error, Equatable, Sendable {
    package var operation: String
    package var errno: CInt
}
