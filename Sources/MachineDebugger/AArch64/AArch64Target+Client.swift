import AArch64
import Acceleration
package import Execution
package import GDBStub
import GuestAddresses
import GuestMemory
import Machine

// Answers about the machine as a whole, for clients other than GDB, and about its memory, for GDB.
extension AArch64Target {
    /// Any range: bytes of a doubleword, and powers of two beyond.
    package static var watchpointTypes: String { "aarch64-bas,aarch64-mask" }

    /// With the MMU off addresses have as many bits as LLDB expects of a kernel; with it on, what TCR_EL1 says.
    package var host: HostDescription? {
        var (low, high) = (48, 48)
        if let registers = try? TranslationRegisters(accelerator, vcpu: 0), registers.sctlr.m {
            low = min(max(64 - registers.tcr.sizeOffset(upper: false), 16), 52)
            high = min(max(64 - registers.tcr.sizeOffset(upper: true), 16), 52)
        }
        return HostDescription(
            triple: "aarch64-unknown-none", stopsBeforeWatchedAccess: true, lowAddressBits: low, highAddressBits: high)
    }

    package var relocation: UInt64? { machine.isLinkedWhereItRuns ? 0 : nil }

    package func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea {
        try addressSpace(vcpu: vcpu).area(at: VirtualAddress(address), physicalMap).forClient(\.forClient)
    }

    package var memoryMapSource: (any MemoryMapSource)? { self }

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

    /// A guest that turns its MMU on makes the map a lie, which GDB would believe to the end.
    package var announcesMemoryMap: Bool { regime == .physical }

    private func areAddressesPhysical(vcpu: Int) -> Bool {
        if regime == .physical { return true }
        guard let registers = try? TranslationRegisters(accelerator, vcpu: vcpu) else { return false }
        return !registers.sctlr.m
    }

    package var usesPhysicalAddresses: Bool { regime == .physical }

    package func setUsesPhysicalAddresses(_ uses: Bool) {
        regime = uses ? .physical : .automatic
    }
}
