import CLinuxKVM
import HostIO
import SystemPackage

/// A device inside KVM, set up by attributes (KVM API, 4.79 to 4.81, and Documentation/virt/kvm/devices).
package struct KVMDevice: ~Copyable {
    private let descriptor: OwnedDescriptor

    /// `enum kvm_device_type`.
    package enum Kind: UInt32, Sendable {
        case armGICv2 = 5
        case armGICv3 = 7
    }

    /// The error of KVM_CREATE_DEVICE for a kind that this host doesn't have.
    static let noSuchDevice = Errno.operationNotSupportedByDevice

    init(descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor
    }

    /// Sets an attribute that is a number.
    package func set(group: UInt32, attribute: UInt64, _ value: UInt64) throws(KVMError) {
        var value = value
        try access(.setDeviceAttribute, group, attribute, &value)
    }

    /// Has the device do something.
    package func command(group: UInt32, attribute: UInt64) throws(KVMError) {
        try access(.setDeviceAttribute, group, attribute, at: 0)
    }

    /// Reads an attribute of 32 bits.
    package func get32(group: UInt32, attribute: UInt64) throws(KVMError) -> UInt32 {
        var value: UInt32 = 0
        try access(.getDeviceAttribute, group, attribute, &value)
        return value
    }

    /// Reads an attribute into `value`, or writes it from there.
    private func access<Value: FixedWidthInteger>(
        _ request: KVMRequest, _ group: UInt32, _ attribute: UInt64, _ value: inout Value
    ) throws(KVMError) {
        // SAFETY: the kernel reads or writes as many bytes as the attribute has, during the call; each caller has a
        // value of its attribute's size.
        try unsafe withUnsafeMutablePointer(to: &value) { (pointer) throws(KVMError) in
            try access(request, group, attribute, at: UInt64(UInt(bitPattern: pointer)))
        }
    }

    private func access(
        _ request: KVMRequest, _ group: UInt32, _ attribute: UInt64, at address: UInt64
    ) throws(KVMError) {
        var argument = kvm_device_attr(flags: 0, group: group, attr: attribute, addr: address)
        do throws(KVMError) {
            try descriptor.request(request, &argument)
        } catch {
            throw KVMError(operation: "\(error.operation) (group \(group), attribute \(attribute))", errno: error.errno)
        }
    }
}

/// The attributes of the GICs (Documentation/virt/kvm/devices/arm-vgic.rst and arm-vgic-v3.rst).
extension KVMDevice {
    /// KVM_DEV_ARM_VGIC_GRP_ADDR.
    private static let addresses: UInt32 = 0
    /// KVM_DEV_ARM_VGIC_GRP_NR_IRQS.
    private static let interruptCounts: UInt32 = 3
    /// KVM_DEV_ARM_VGIC_GRP_CTRL, with KVM_DEV_ARM_VGIC_CTRL_INIT as attribute 0.
    private static let control: UInt32 = 4

    /// Puts a GICv3 where the machine has it and makes it ready; all vCPUs must be there.
    ///
    /// - Parameter interruptCount: INTIDs from 0, a multiple of 32.
    package func placeGICv3(distributor: UInt64, redistributors: UInt64, interruptCount: Int) throws(KVMError) {
        // KVM has at least 64.
        try set32(group: Self.interruptCounts, UInt32(max(64, interruptCount)))
        // KVM_VGIC_V3_ADDR_TYPE_DIST and _REDIST.
        try set(group: Self.addresses, attribute: 2, distributor)
        try set(group: Self.addresses, attribute: 3, redistributors)
        try command(group: Self.control, attribute: 0)
    }

    /// Puts a GICv2 where the machine has it and makes it ready; all vCPUs must be there.
    package func placeGICv2(distributor: UInt64, cpuInterface: UInt64, interruptCount: Int) throws(KVMError) {
        try set32(group: Self.interruptCounts, UInt32(max(64, interruptCount)))
        // KVM_VGIC_V2_ADDR_TYPE_DIST and _CPU.
        try set(group: Self.addresses, attribute: 0, distributor)
        try set(group: Self.addresses, attribute: 1, cpuInterface)
        try command(group: Self.control, attribute: 0)
    }

    // MARK: Looking into a GICv3

    /// A 32-bit register of the distributor (KVM_DEV_ARM_VGIC_GRP_DIST_REGS); no vCPU may run.
    package func distributorRegister(_ offset: UInt64) throws(KVMError) -> UInt32 {
        try get32(group: 1, attribute: offset)
    }

    /// A 32-bit register of a vCPU's redistributor (KVM_DEV_ARM_VGIC_GRP_REDIST_REGS); no vCPU may run.
    ///
    /// - Parameter affinity: MPIDR_EL1 of the vCPU.
    package func redistributorRegister(_ offset: UInt64, affinity: UInt64) throws(KVMError) -> UInt32 {
        try get32(group: 5, attribute: Self.packed(affinity) << 32 | offset)
    }

    /// The levels of 32 interrupts' inputs, one bit each (KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO); no vCPU may run.
    ///
    /// - Parameter first: the INTID of the lowest bit, a multiple of 32.
    package func inputLevels(from first: Int, affinity: UInt64) throws(KVMError) -> UInt32 {
        try get32(group: 7, attribute: Self.packed(affinity) << 32 | UInt64(first))
    }

    /// Aff3 to Aff0 in 32 bits, as these attributes want them.
    private static func packed(_ affinity: UInt64) -> UInt64 { affinity >> 8 & 0xFF00_0000 | affinity & 0xFF_FFFF }

    private func set32(group: UInt32, _ value: UInt32) throws(KVMError) {
        var value = value
        try access(.setDeviceAttribute, group, 0, &value)
    }
}
