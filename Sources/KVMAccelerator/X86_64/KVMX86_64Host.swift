import GuestAddresses
import GuestMemory
import HostIO
import KVM
import Machine

/// An x86-64 host's KVM: a PC with its interrupt controllers and its timer inside KVM.
final class KVMX86_64Host: KVMHost {
    private let system: KVMSystem
    private let vcpuCount: Int
    private let memory: GuestMemory
    private var machine: KVMVirtualMachine
    private let cpuid: [CPUIDEntry]
    /// Whether a step can hold interrupts off outside the guest's state: KVM_GUESTDBG_BLOCKIRQ.
    let blocksInterrupts: Bool

    init(vcpuCount: Int, memory: GuestMemory) throws(StartError) {
        self.vcpuCount = vcpuCount
        self.memory = memory
        do throws(KVMError) {
            system = try KVMSystem()
            let version = try system.apiVersion()
            guard version == 12 else {
                throw KVMError(operation: "KVM_GET_API_VERSION says \(version), not 12")
            }
            cpuid = try system.supportedCPUID()
            machine = try Self.makeMachine(system)
        } catch {
            throw StartError(error)
        }
        if let missing = Self.missing(system) {
            throw StartError(kvm: "the host's KVM is too old: it has no \(missing)")
        }
        let limit = max(system.check(.maximumVCPUCount), system.check(.vcpuCount))
        guard vcpuCount <= limit else {
            throw StartError(kvm: "\(vcpuCount) vCPUs, the host's KVM has at most \(limit)")
        }
        blocksInterrupts =
            UInt32(truncatingIfNeeded: system.check(.setGuestDebug2)) & X86GuestDebug.Control.blockInterrupts.rawValue
            != 0
    }

    private static func missing(_ system: borrowing KVMSystem) -> String? {
        let needed: [(KVMCapability, String)] = [
            (.userMemory, "KVM_CAP_USER_MEMORY"), (.interruptController, "KVM_CAP_IRQCHIP"), (.pit2, "KVM_CAP_PIT2"),
            (.immediateExit, "KVM_CAP_IMMEDIATE_EXIT"), (.extendedCPUID, "KVM_CAP_EXT_CPUID"),
            (.setGuestDebug, "KVM_CAP_SET_GUEST_DEBUG"), (.debugRegisters, "KVM_CAP_DEBUGREGS"),
            (.xsave, "KVM_CAP_XSAVE"),
        ]
        return needed.first { system.check($0.0) == 0 }?.1
    }

    private static func makeMachine(_ system: borrowing KVMSystem) throws(KVMError) -> KVMVirtualMachine {
        let machine = try system.makeVirtualMachine()
        // Below the local APICs and the firmware, where no RAM is.
        try machine.setHiddenPages(at: 0xfffb_c000)
        try machine.makeInterruptController()
        try machine.makeTimer()
        return machine
    }

    func rebuild(isFirst: Bool, install: (Int, consuming KVMVCPU) -> Void) throws(KVMError) {
        if !isFirst { machine = try Self.makeMachine(system) }
        try mapMemory()
        let hasDeadlineTimer = system.check(.tscDeadlineTimer) != 0
        for number in 0..<vcpuCount {
            let vcpu = try machine.makeVCPU(number)
            try vcpu.setCPUID(cpuid.map { $0.forVCPU(number, hasDeadlineTimer: hasDeadlineTimer) })
            install(number, vcpu)
        }
    }

    func mapMemory() throws(KVMError) {
        for (slot, region) in memory.regions.enumerated() {
            // SAFETY: `memory` keeps the region as long as this object, and so the virtual machine, exists.
            try unsafe machine.setMemory(
                slot: slot, base: region.base.rawValue, size: region.size, host: region.unsafeHostAddress,
                isReadOnly: region.isReadOnly)
        }
    }

    /// The numbers are the I/O APIC's inputs; those below 16 are the 8259s' as well.
    func setInterrupt(_ number: Int, level: Bool) {
        try? machine.setInterruptLine(UInt32(truncatingIfNeeded: number), level: level)
    }

    /// KVM's clock as the guest has it, in nanoseconds.
    func clock() throws(KVMError) -> UInt64 { try machine.clock() }
    func setClock(_ nanoseconds: UInt64) throws(KVMError) { try machine.setClock(nanoseconds) }

    /// CPUID.01H:ECX[28]: whether guests have AVX.
    var hasAVX: Bool { cpuid.contains { $0.function == 1 && $0.ecx & 1 << 28 != 0 } }

    /// MAXPHYADDR: CPUID.80000008H:EAX[7:0], or 36 where that leaf is not there.
    var physicalAddressBits: Int {
        cpuid.first { $0.function == 0x8000_0008 }.map { Int($0.eax & 0xff) } ?? 36
    }
}

extension CPUIDEntry {
    /// With what a vCPU has of its own, and what KVM leaves to its caller to say.
    ///
    /// The APIC ID is in several places (SDM volume 2A, "CPUID", and APM volume 3, appendix E). Leaf 1's ECX[31]
    /// reports a hypervisor, so that the guest looks for KVM's clock. ECX[24] reports that the local APIC's timer can
    /// be set by the TSC, which KVM_GET_SUPPORTED_CPUID never reports (KVM API, 4.46).
    fileprivate func forVCPU(_ number: Int, hasDeadlineTimer: Bool) -> CPUIDEntry {
        var entry = self
        let id = UInt32(truncatingIfNeeded: number)
        switch function {
        case 1:
            entry.ebx = ebx & 0x00ff_ffff | id << 24
            entry.ecx |= 1 << 31 | (hasDeadlineTimer ? 1 << 24 : 0)
        case 0xb, 0x1f: entry.edx = id
        case 0x8000_001e: entry.eax = id
        default: break
        }
        return entry
    }
}
