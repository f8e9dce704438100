import HostIO
import SystemPackage

/// The open `/dev/kvm`: what the host's KVM is and can do (KVM API, section 4, "API description", system ioctls).
package struct KVMSystem: ~Copyable {
    let descriptor: OwnedDescriptor

    /// Opens the device.
    ///
    /// Opening proves little: a KVM that opens may still not run a guest.
    package init() throws(KVMError) {
        descriptor = try attempt { () throws(Errno) in
            try OwnedDescriptor.open("/dev/kvm", .readWrite)
        } otherwise: {
            KVMError(operation: "open /dev/kvm", errno: $0)
        }
    }

    /// The version of the API: 12 on every kernel since 2.6.22.
    ///
    /// A caller must refuse any other.
    package func apiVersion() throws(KVMError) -> Int {
        Int(try descriptor.request(.getAPIVersion))
    }

    /// The value of a capability (KVM_CHECK_EXTENSION): 0 if the host does not have it.
    package func check(_ capability: KVMCapability) -> Int { descriptor.check(capability) }

    /// Makes a virtual machine without memory or vCPUs.
    ///
    /// - Parameter type: on arm64 the size of a guest-physical address in bits; 0 is 40.
    package func makeVirtualMachine(type: Int = 0) throws(KVMError) -> KVMVirtualMachine {
        KVMVirtualMachine(
            descriptor: try descriptor.open(.createVM, type), mapSize: Int(try descriptor.request(.getVCPUMapSize)))
    }
}
