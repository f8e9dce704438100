/// arm64's `struct kvm_vcpu_init`: which processor a vCPU is, and what it has (KVM API, 4.82).
package struct ArmVCPUTarget: BitwiseCopyable, Sendable {
    /// Only ever what `KVMVirtualMachine.preferredTarget` says.
    package var target: UInt32 = 0
    private var features: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0, 0, 0, 0)

    /// The bits of `features[0]`.
    package enum Feature: UInt32, Sendable {
        /// Off until another vCPU turns it on.
        case powerOff = 0
        /// PSCI 0.2 or later, inside KVM.
        case psci02 = 2
        case sve = 4
        case pointerAuthenticationAddress = 5
        case pointerAuthenticationGeneric = 6
    }

    package init() {}

    package mutating func insert(_ feature: Feature) {
        features.0 |= 1 << feature.rawValue
    }
}
