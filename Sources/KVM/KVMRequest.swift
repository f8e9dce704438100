package import SystemPackage

/// The ioctls in use: number, and the section of the kernel's Documentation/virt/kvm/api.rst that it implements.
///
/// Swift can't import the `_IO` macros of `<linux/kvm.h>`.
package struct KVMRequest: Sendable {
    /// As errors name it.
    package let name: String
    package let number: UInt
    /// The bytes that the kernel copies from or to the argument; a list follows some structures.
    var size: Int { Int(number >> 16 & 0x3FFF) }

    /// `asm-generic/ioctl.h`: direction in bits 31:30, size in 29:16, type in 15:8, number in 7:0.
    private init(_ name: String, _ direction: Direction, _ number: UInt, size: Int = 0) {
        self.name = name
        self.number = direction.rawValue << 30 | UInt(size) << 16 | 0xAE << 8 | number
    }

    private enum Direction: UInt {
        case none = 0
        case write = 1
        case read = 2
        case readWrite = 3
    }

    // System (4.1 to 4.5).
    /// 4.1.
    package static let getAPIVersion = KVMRequest("KVM_GET_API_VERSION", .none, 0x00)
    /// 4.2.
    package static let createVM = KVMRequest("KVM_CREATE_VM", .none, 0x01)
    /// 4.4.
    package static let checkExtension = KVMRequest("KVM_CHECK_EXTENSION", .none, 0x03)
    /// 4.5.
    package static let getVCPUMapSize = KVMRequest("KVM_GET_VCPU_MMAP_SIZE", .none, 0x04)

    // Virtual machine.
    /// 4.7.
    package static let createVCPU = KVMRequest("KVM_CREATE_VCPU", .none, 0x41)
    /// 4.25.
    package static let irqLine = KVMRequest("KVM_IRQ_LINE", .write, 0x61, size: 8)
    /// 4.35.
    package static let setUserMemoryRegion = KVMRequest("KVM_SET_USER_MEMORY_REGION", .write, 0x46, size: 32)
    /// 4.37.
    package static let enableCapability = KVMRequest("KVM_ENABLE_CAP", .write, 0xA3, size: 104)
    /// 4.79.
    package static let createDevice = KVMRequest("KVM_CREATE_DEVICE", .readWrite, 0xE0, size: 12)
    /// 4.83.
    package static let armPreferredTarget = KVMRequest("KVM_ARM_PREFERRED_TARGET", .read, 0xAF, size: 32)

    // Device.
    /// 4.80.
    package static let setDeviceAttribute = KVMRequest("KVM_SET_DEVICE_ATTR", .write, 0xE1, size: 24)
    /// 4.80.
    package static let getDeviceAttribute = KVMRequest("KVM_GET_DEVICE_ATTR", .write, 0xE2, size: 24)
    /// 4.81.
    package static let hasDeviceAttribute = KVMRequest("KVM_HAS_DEVICE_ATTR", .write, 0xE3, size: 24)

    // vCPU.
    /// 4.10.
    package static let run = KVMRequest("KVM_RUN", .none, 0x80)
    /// 4.31.
    package static let getVCPUEvents = KVMRequest("KVM_GET_VCPU_EVENTS", .read, 0x9F, size: 64)
    /// 4.32.
    package static let setVCPUEvents = KVMRequest("KVM_SET_VCPU_EVENTS", .write, 0xA0, size: 64)
    /// 4.38.
    package static let getMPState = KVMRequest("KVM_GET_MP_STATE", .read, 0x98, size: 4)
    /// 4.68.
    package static let setOneRegister = KVMRequest("KVM_SET_ONE_REG", .write, 0xAC, size: 16)
    /// 4.69.
    package static let getOneRegister = KVMRequest("KVM_GET_ONE_REG", .write, 0xAB, size: 16)
    /// 4.82.
    package static let armVCPUInit = KVMRequest("KVM_ARM_VCPU_INIT", .write, 0xAE, size: 32)
    /// 4.84.
    package static let getRegisterList = KVMRequest("KVM_GET_REG_LIST", .readWrite, 0xB0, size: 8)
    /// 4.87; the size is that of arm64's `struct kvm_guest_debug`.
    package static let setGuestDebug = KVMRequest("KVM_SET_GUEST_DEBUG", .write, 0x9B, size: ArmGuestDebug.size)
    /// 4.119.
    package static let armVCPUFinalize = KVMRequest("KVM_ARM_VCPU_FINALIZE", .write, 0xC2, size: 4)

    // x86: system and virtual machine.
    /// 4.46.
    package static let getSupportedCPUID = KVMRequest("KVM_GET_SUPPORTED_CPUID", .readWrite, 0x05, size: 8)
    /// 4.24.
    package static let createInterruptController = KVMRequest("KVM_CREATE_IRQCHIP", .none, 0x60)
    /// 4.71.
    package static let createPIT2 = KVMRequest("KVM_CREATE_PIT2", .write, 0x77, size: 64)
    /// 4.36.
    package static let setClock = KVMRequest("KVM_SET_CLOCK", .write, 0x7B, size: 48)
    package static let getClock = KVMRequest("KVM_GET_CLOCK", .read, 0x7C, size: 48)
    package static let getTSCFrequency = KVMRequest("KVM_GET_TSC_KHZ", .none, 0xA3)
    package static let setTSSAddress = KVMRequest("KVM_SET_TSS_ADDR", .none, 0x47)
    /// 4.40.
    package static let setIdentityMapAddress = KVMRequest("KVM_SET_IDENTITY_MAP_ADDR", .write, 0x48, size: 8)

    // x86: vCPU.
    /// 4.11 and 4.12.
    package static let getRegisters = KVMRequest("KVM_GET_REGS", .read, 0x81, size: 144)
    package static let setRegisters = KVMRequest("KVM_SET_REGS", .write, 0x82, size: 144)
    /// 4.13 and 4.14.
    package static let getSystemRegisters = KVMRequest("KVM_GET_SREGS", .read, 0x83, size: 312)
    package static let setSystemRegisters = KVMRequest("KVM_SET_SREGS", .write, 0x84, size: 312)
    /// 4.15.
    package static let translate = KVMRequest("KVM_TRANSLATE", .readWrite, 0x85, size: 24)
    /// 4.18 and 4.19.
    package static let getMSRs = KVMRequest("KVM_GET_MSRS", .readWrite, 0x88, size: 8)
    package static let setMSRs = KVMRequest("KVM_SET_MSRS", .write, 0x89, size: 8)
    /// 4.20, with the entries of 4.46.
    package static let setCPUID2 = KVMRequest("KVM_SET_CPUID2", .write, 0x90, size: 8)
    /// 4.33 and 4.34.
    package static let getDebugRegisters = KVMRequest("KVM_GET_DEBUGREGS", .read, 0xA1, size: 128)
    package static let setDebugRegisters = KVMRequest("KVM_SET_DEBUGREGS", .write, 0xA2, size: 128)
    /// 4.39.
    package static let setMPState = KVMRequest("KVM_SET_MP_STATE", .write, 0x99, size: 4)
    /// 4.42 and 4.43.
    package static let getXSave = KVMRequest("KVM_GET_XSAVE", .read, 0xA4, size: 4096)
    package static let setXSave = KVMRequest("KVM_SET_XSAVE", .write, 0xA5, size: 4096)
    /// 4.44 and 4.45.
    package static let getXCRs = KVMRequest("KVM_GET_XCRS", .read, 0xA6, size: 392)
    package static let setXCRs = KVMRequest("KVM_SET_XCRS", .write, 0xA7, size: 392)
    /// 4.57 and 4.58.
    package static let getLocalAPIC = KVMRequest("KVM_GET_LAPIC", .read, 0x8E, size: 1024)
    package static let setLocalAPIC = KVMRequest("KVM_SET_LAPIC", .write, 0x8F, size: 1024)
    /// 4.87; the size is that of x86's `struct kvm_guest_debug`.
    package static let setX86GuestDebug = KVMRequest("KVM_SET_GUEST_DEBUG", .write, 0x9B, size: X86GuestDebug.size)
}

/// The capabilities that KVM_CHECK_EXTENSION reports (KVM API, section 4.4; the numbers of `<linux/kvm.h>`).
package enum KVMCapability: Int, Sendable {
    case userMemory = 3
    case vcpuCount = 9
    case maximumVCPUCount = 66
    case oneRegister = 70
    case deviceControl = 89
    case armPSCI02 = 102
    case guestDebugHardwareBreakpoints = 119
    case guestDebugHardwareWatchpoints = 120
    case immediateExit = 136
    case setGuestDebug = 23
    case armVMPhysicalAddressSize = 165
    case armSVE = 170
    case armPointerAuthenticationAddress = 171
    case armPointerAuthenticationGeneric = 172
    case armNISVToUser = 177
    case interruptController = 0
    case setTSSAddress = 4
    case extendedCPUID = 7
    case pit2 = 33
    case setIdentityMapAddress = 37
    case debugRegisters = 50
    case xsave = 55
    case tscDeadlineTimer = 72
    /// The flags that KVM_SET_GUEST_DEBUG accepts; 0 on kernels that don't report them.
    case setGuestDebug2 = 195
}

/// A failed call to KVM.
package struct KVMError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The call, and its purpose where the name does not say it.
    package var operation: String
    /// Nil if the call succeeded with a result that cannot be used.
    package var errno: Errno?

    package init(operation: String, errno: Errno? = nil) {
        self.operation = operation
        self.errno = errno
    }

    package var description: String { errno.map { "\(operation): \($0)" } ?? operation }
}
