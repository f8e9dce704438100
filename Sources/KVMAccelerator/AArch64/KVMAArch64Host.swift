import AArch64
import GuestAddresses
import GuestMemory
import HostIO
import KVM
package import Machine

/// An AArch64 host's KVM.
package final class KVMAArch64Host: KVMHost {
    private let system: KVMSystem
    let board: AArch64Board
    private let vcpuCount: Int
    private let memory: GuestMemory
    private var machine: KVMVirtualMachine
    /// The interrupt controller, whose file must stay open.
    private(set) var interruptController: KVMDevice
    /// Whether each memory slot is mapped now.
    ///
    /// Flash is not mapped while it must answer reads itself.
    private var mapped: [Bool]

    /// The numbers of debug registers that the host has for guests.
    let debugRegisters: DebugRegisterCounts

    init(_ board: AArch64Board, vcpuCount: Int, memory: GuestMemory) throws(StartError) {
        self.board = board
        self.vcpuCount = vcpuCount
        self.memory = memory
        do throws(KVMError) {
            system = try KVMSystem()
            let version = try system.apiVersion()
            guard version == 12 else {
                throw KVMError(operation: "KVM_GET_API_VERSION says \(version), not 12")
            }
        } catch {
            throw StartError(error)
        }
        if let missing = Self.missing(system) {
            throw StartError(kvm: "the host's KVM is too old: it has no \(missing)")
        }
        if board.gic.version == .v2 && vcpuCount > 8 {
            throw StartError(kvm: "\(vcpuCount) vCPUs, the host's GICv2 serves at most 8")
        }
        let limit = system.check(.maximumVCPUCount)
        guard vcpuCount <= max(limit, system.check(.vcpuCount)) else {
            throw StartError(kvm: "\(vcpuCount) vCPUs, the host's KVM has at most \(limit)")
        }
        debugRegisters = DebugRegisterCounts(
            breakpoints: system.check(.guestDebugHardwareBreakpoints),
            watchpoints: system.check(.guestDebugHardwareWatchpoints))
        do throws(KVMError) {
            machine = try Self.makeMachine(system, memory)
            interruptController = try Self.makeInterruptController(machine, board.gic.version)
        } catch {
            throw StartError(error)
        }
        mapped = []
    }

    /// The name of a capability that guests need and this kernel does not have; nil if it has all.
    private static func missing(_ system: borrowing KVMSystem) -> String? {
        let needed: [(KVMCapability, String)] = [
            (.userMemory, "KVM_CAP_USER_MEMORY"), (.oneRegister, "KVM_CAP_ONE_REG"),
            (.immediateExit, "KVM_CAP_IMMEDIATE_EXIT"), (.deviceControl, "KVM_CAP_DEVICE_CTRL"),
            (.armPSCI02, "KVM_CAP_ARM_PSCI_0_2"), (.setGuestDebug, "KVM_CAP_SET_GUEST_DEBUG"),
        ]
        return needed.first { system.check($0.0) == 0 }?.1
    }

    /// Makes a virtual machine whose guest-physical addresses have 40 bits, unless the host has fewer or the memory
    /// needs more (KVM API, 4.2).
    private static func makeMachine(
        _ system: borrowing KVMSystem, _ memory: GuestMemory
    ) throws(KVMError) -> KVMVirtualMachine {
        let top = memory.regions.map(\.end).max() ?? 0
        let needed = 64 - (top.rawValue &- 1).leadingZeroBitCount
        let limit = system.check(.armVMPhysicalAddressSize)
        let type = limit == 0 ? 0 : max(32, max(needed, min(40, limit)))
        return try system.makeVirtualMachine(type: type)
    }

    /// The newest interrupt controller that the host gives guests; nil if KVM can't be asked or has none.
    package static func newestInterruptController() -> AArch64Board.GICVersion? {
        do throws(KVMError) {
            let system = try KVMSystem()
            let limit = system.check(.armVMPhysicalAddressSize)
            let machine = try system.makeVirtualMachine(type: limit == 0 ? 0 : min(40, limit))
            return machine.offers(.armGICv3) ? .v3 : machine.offers(.armGICv2) ? .v2 : nil
        } catch {
            return nil
        }
    }

    private static func makeInterruptController(
        _ machine: borrowing KVMVirtualMachine, _ version: AArch64Board.GICVersion
    ) throws(KVMError) -> KVMDevice {
        guard let device = try machine.makeDevice(version == .v3 ? .armGICv3 : .armGICv2) else {
            throw KVMError(operation: "the host gives guests no interrupt controller")
        }
        return device
    }

    /// Makes a virtual machine with memory and reset vCPUs, in place of the old one, whose vCPUs no longer exist.
    func rebuild(isFirst: Bool, install: (Int, consuming KVMVCPU) -> Void) throws(KVMError) {
        if !isFirst {
            machine = try Self.makeMachine(system, memory)
            interruptController = try Self.makeInterruptController(machine, board.gic.version)
        }
        mapped = memory.regions.map { _ in false }
        try mapMemory()
        // Accesses without a valid syndrome exit to the accelerator instead of failing KVM_RUN.
        if machine.check(.armNISVToUser) > 0 { try machine.enable(.armNISVToUser) }
        var target = try machine.preferredTarget()
        target.insert(.psci02)
        if machine.check(.armPointerAuthenticationAddress) > 0, machine.check(.armPointerAuthenticationGeneric) > 0 {
            target.insert(.pointerAuthenticationAddress)
            target.insert(.pointerAuthenticationGeneric)
        }
        let hasSVE = machine.check(.armSVE) > 0
        if hasSVE { target.insert(.sve) }
        for number in 0..<vcpuCount {
            var own = target
            if number > 0 { own.insert(.powerOff) }
            let vcpu = try machine.makeVCPU(number)
            try vcpu.initialize(own)
            if hasSVE { try vcpu.finalizeSVE() }
            install(number, vcpu)
        }
        let gic = board.gic
        switch gic.version {
        case .v3:
            try interruptController.placeGICv3(
                distributor: gic.distributor.rawValue,
                redistributors: board.redistributorBase(vcpuCount: vcpuCount).rawValue,
                interruptCount: gic.interruptCount)
        case .v2:
            try interruptController.placeGICv2(
                distributor: gic.distributor.rawValue, cpuInterface: gic.cpuInterface.rawValue,
                interruptCount: gic.interruptCount)
        }
    }

    /// Maps the memory slots as the flash chips are now: while one answers with its status, its reads must exit.
    func mapMemory() throws(KVMError) {
        for (slot, region) in memory.regions.enumerated() where mapped[slot] != region.isDirect {
            // SAFETY: `memory` keeps the region as long as this object, and so the virtual machine, exists.
            try unsafe machine.setMemory(
                slot: slot, base: region.base.rawValue, size: region.isDirect ? region.size : 0,
                host: region.unsafeHostAddress, isReadOnly: region.isReadOnly)
            mapped[slot] = region.isDirect
        }
    }

    func setInterrupt(_ spi: Int, level: Bool) {
        // KVM refuses only lines that no device here has.
        try? machine.setInterruptLine(KVMVirtualMachine.spiLine(spi), level: level)
    }
}
