import Acceleration
package import Execution
package import GDBStub
import GuestAddresses
import GuestMemory
import Machine
import X86_64

// The machine's description for clients other than GDB, and its memory areas.
extension X86_64Target {
    /// The machine's description for LLDB.
    ///
    /// A watchpoint stops after the access. Addresses have 48 bits, or 57 with five levels of tables.
    package var host: HostDescription? {
        let bits = (try? accelerator.paging(vcpu: 0).paging.mode) == .fiveLevel ? 57 : 48
        return HostDescription(
            triple: "x86_64-unknown-none", stopsBeforeWatchedAccess: false, lowAddressBits: bits, highAddressBits: bits)
    }

    /// The watchpoint types of x86-64, in LLDB's words.
    package static var watchpointTypes: String { "x86_64" }

    /// 0 if the program runs where it was linked, otherwise nil.
    package var relocation: UInt64? { machine.isLinkedWhereItRuns ? 0 : nil }

    /// Returns the area of an address in the vCPU's address space.
    package func memoryArea(at address: UInt64, vcpu: Int) throws(TargetError) -> MemoryArea {
        try addressSpace(vcpu: vcpu).area(at: VirtualAddress(address), physicalMap).forClient(\.forClient)
    }

    /// Whether the client has chosen physical addresses.
    package var usesPhysicalAddresses: Bool { isPhysical }

    /// Chooses physical addresses, or virtual ones of the selected vCPU.
    package func setUsesPhysicalAddresses(_ uses: Bool) { isPhysical = uses }
}
