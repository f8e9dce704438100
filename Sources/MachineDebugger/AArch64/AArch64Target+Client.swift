import AArch64
import Acceleration
package import Execution
package import GDBStub
import GuestAddresses
import GuestMemory
import Machine

// The machine's description for clients other than GDB, and its memory map for GDB.
extension AArch64Target {
    /// The watchpoint types of AArch64, in LLDB's words: any bytes of a doubleword, and larger ranges of a power of
    /// two.
    package static var watchpointTypes: String { "aarch64-bas,aarch64-mask" }

    /// The machine's description for LLDB.
    ///
    /// With the MMU on, the number of address bits follows from TCR_EL1. With the MMU off, it is 48, which LLDB expects
    /// of a kernel.
    package var host: HostDescription? {
        var (low, high) = (48, 48)
        if let registers = try? TranslationRegisters(accelerator, vcpu: 0), registers.sctlr.m {
            low = min(max(64 - registers.tcr.sizeOffset(upper: false), 16), 52)
            high = min(max(64 - registers.tcr.sizeOffset(upper: true), 16), 52)
        }
        return HostDescription(
            triple: "aarch64-unknown-none", stopsBeforeWatchedAccess: true, lowAddressBits: low, highAddressBits: high)
    }

    /// 0 if the program runs where it was linked, otherwise nil.
    package var relocation: UInt64? { machine.isLinkedWhereItRuns ? 0 : nil }

    /// Returns the area of an address in the vCPU's address space.
    package func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea {
        try addressSpace(vcpu: vcpu).area(at: VirtualAddress(address), physicalMap).forClient(\.forClient)
    }

    /// The target itself.
    package var memoryMapSource: (any MemoryMapSource)? { self }

    /// Returns RAM and flash; nil while the client's addresses are virtual.
    package func memoryMap(vcpu: Int) -> [MemoryMapEntry]? {
        guard areAddressesPhysical(vcpu: vcpu) else { return nil }
        return physicalMap.pieces.compactMap { piece in
            switch piece.place {
            case .ram: return MemoryMapEntry(.ram, start: piece.first.rawValue, length: piece.last - piece.first + 1)
            case .flash: return MemoryMapEntry(.rom, start: piece.first.rawValue, length: piece.last - piece.first + 1)
            case .device, .nothing: return nil
            }
        }
    }

    /// Whether GDB may read the memory map: only if the client has chosen physical addresses.
    ///
    /// GDB reads the map once, and a guest that later turns on its MMU would make it wrong.
    package var announcesMemoryMap: Bool { regime == .physical }

    private func areAddressesPhysical(vcpu: Int) -> Bool {
        if regime == .physical { return true }
        guard let registers = try? TranslationRegisters(accelerator, vcpu: vcpu) else { return false }
        return !registers.sctlr.m
    }

    /// Whether the client has chosen physical addresses.
    package var usesPhysicalAddresses: Bool { regime == .physical }

    /// Chooses physical addresses, or virtual ones in the translation regime of the selected vCPU.
    package func setUsesPhysicalAddresses(_ uses: Bool) {
        regime = uses ? .physical : .automatic
    }
}
