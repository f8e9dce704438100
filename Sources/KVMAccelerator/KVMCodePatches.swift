import ByteOrder
package import GuestAddresses
package import GuestMemory
import Machine

/// Breakpoint instructions in guest memory in place of the guest's own bytes, while the vCPUs run.
///
/// The patches are inserted when the vCPUs are resumed and removed when they are held, so that the debugger sees the
/// guest's own bytes.
package struct KVMCodePatches {
    /// The bytes of BRK #0 or INT3, which is aligned to its size.
    private let breakpoint: [UInt8]

    private struct Patch {
        var address: PhysicalAddress
        var original: [UInt8]
    }

    private var patches: [Patch] = []

    package init(_ breakpoint: [UInt8]) {
        self.breakpoint = breakpoint
    }

    /// The guest-physical addresses that are patched.
    package var addresses: Set<PhysicalAddress> { Set(patches.map(\.address)) }

    /// Patches the instructions at these guest-physical addresses, as far as they are RAM.
    package mutating func insert(_ addresses: Set<PhysicalAddress>, into memory: GuestMemory) {
        for address in addresses.sorted() {
            guard let original = bytes(at: address, in: memory) else { continue }
            patches.append(Patch(address: address, original: original))
            store(breakpoint, at: address, in: memory)
        }
    }

    /// Restores the guest's own bytes, except where the guest has overwritten a patch.
    package mutating func remove(from memory: GuestMemory) {
        for patch in patches {
            guard bytes(at: patch.address, in: memory) == breakpoint else { continue }
            store(patch.original, at: patch.address, in: memory)
        }
        patches = []
    }

    /// The bytes that a patch replaces; nil where no patch can be.
    private func bytes(at address: PhysicalAddress, in memory: GuestMemory) -> [UInt8]? {
        guard address.isAligned(to: UInt64(breakpoint.count)), memory.region(at: address)?.kind == .ram else {
            return nil
        }
        return try? memory.read(address, count: breakpoint.count)
    }

    private func store(_ bytes: [UInt8], at address: PhysicalAddress, in memory: GuestMemory) {
        if bytes.count == 4 {
            // One store, because no vCPU may see half an instruction.
            _ = memory.store(UInt32(littleEndianBytes: bytes), at: address, by: .host)
        } else {
            // `insert` has found RAM there.
            try? memory.write(address, bytes)
        }
    }
}
