import Acceleration
package import Execution
package import GDBStub
import GuestAddresses
import GuestMemory
import Machine
import X86_64

// Answers about the machine as a whole, for clients other than GDB, and about its memory, for GDB.
extension X86_64Target {
    /// A watchpoint stops after the access.
    ///
    /// Addresses have 48 bits, or 57 with five levels of tables.
    package var host: HostDescription? {
        let bits = (try? accelerator.paging(vcpu: 0).paging.mode) == .fiveLevel ? 57 : 48
        return HostDescription(
            triple: "x86_64-unknown-none", stopsBeforeWatchedAccess: false, lowAddressBits: bits, highAddressBits: bits)
    }

    package static var watchpointTypes: String { "x86_64" }

    package var relocation: UInt64? { machine.isLinkedWhereItRuns ? 0 : nil }

    package func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea {
        try addressSpace(vcpu: vcpu).area(at: VirtualAddress(address), physicalMap).forClient(\.forClient)
    }

    package var usesPhysicalAddresses: Bool { isPhysical }

    package func setUsesPhysicalAddresses(_ uses: Bool) { isPhysical = uses }
}
