import CLinuxKVM
import HostIO
import SystemPackage

/// A virtual machine of the host's KVM: memory slots, vCPUs, devices and interrupt lines.
package struct KVMVirtualMachine: ~Copyable {
    let descriptor: OwnedDescriptor
    /// The bytes of each vCPU's `struct kvm_run` mapping.
    private let mapSize: Int

    init(descriptor: consuming OwnedDescriptor, mapSize: Int) {
        self.descriptor = descriptor
        self.mapSize = mapSize
    }

    package func check(_ capability: KVMCapability) -> Int { descriptor.check(capability) }

    /// Turns on a capability that is off by default (KVM API, 4.37).
    package func enable(_ capability: KVMCapability) throws(KVMError) {
        var argument = kvm_enable_cap()
        argument.cap = UInt32(capability.rawValue)
        try descriptor.request(.enableCapability, &argument)
    }

    /// Makes host memory guest memory, or with a `size` of 0 takes a slot out (KVM API, 4.35).
    ///
    /// - Parameters:
    ///   - host: page-aligned; it has to live as long as the slot.
    ///   - isReadOnly: guest writes exit as device accesses.
    package func setMemory(
        slot: Int, base: UInt64, size: UInt64, host: UnsafeMutableRawPointer, isReadOnly: Bool
    ) throws(KVMError) {
        var region = kvm_userspace_memory_region()
        region.slot = UInt32(slot)
        region.flags = isReadOnly ? 1 << 1 : 0
        region.guest_phys_addr = base
        region.memory_size = size
        region.userspace_addr = UInt64(UInt(bitPattern: host))
        try descriptor.request(.setUserMemoryRegion, &region)
    }

    /// Makes the vCPU with this number.
    package func makeVCPU(_ number: Int) throws(KVMError) -> KVMVCPU {
        try KVMVCPU(descriptor: try descriptor.open(.createVCPU, number), mapSize: mapSize)
    }

    /// The processor that the host gives a guest on arm64 (KVM API, 4.83).
    package func preferredTarget() throws(KVMError) -> ArmVCPUTarget {
        var target = ArmVCPUTarget()
        try descriptor.request(.armPreferredTarget, &target)
        return target
    }

    /// Whether `makeDevice` would make one of that kind.
    package func offers(_ kind: KVMDevice.Kind) -> Bool {
        var argument = kvm_create_device()
        argument.type = kind.rawValue
        // KVM_CREATE_DEVICE_TEST.
        argument.flags = 1
        do throws(KVMError) {
            try descriptor.request(.createDevice, &argument)
            return true
        } catch {
            return false
        }
    }

    /// Makes a device inside KVM; nil if this host doesn't have the kind (KVM API, 4.79).
    package func makeDevice(_ kind: KVMDevice.Kind) throws(KVMError) -> KVMDevice? {
        var argument = kvm_create_device()
        argument.type = kind.rawValue
        do throws(KVMError) {
            try descriptor.request(.createDevice, &argument)
        } catch  where error.errno == KVMDevice.noSuchDevice {
            return nil
        }
        return KVMDevice(descriptor: OwnedDescriptor(CInt(bitPattern: argument.fd)))
    }

    /// Sets the level of an interrupt line of the in-kernel controller (KVM API, 4.25).
    ///
    /// - Parameter line: on arm64 the type in bits 27:24 (1 is an SPI) and the INTID in 15:0.
    package func setInterruptLine(_ line: UInt32, level: Bool) throws(KVMError) {
        var argument = (line: line, level: UInt32(level ? 1 : 0))
        try descriptor.request(.irqLine, &argument)
    }

    /// The line of a shared peripheral interrupt; SPI 0 is INTID 32.
    package static func spiLine(_ spi: Int) -> UInt32 { 1 << 24 | UInt32(truncatingIfNeeded: spi + 32) & 0xFFFF }
}
