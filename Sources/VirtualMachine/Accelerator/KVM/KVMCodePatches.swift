import KVM
import Machine

/// BRK instructions in guest memory in place of the guest's own words, while the vCPUs run.
///
/// They go in when the vCPUs are let go and come out when they are held, so that whoever looks at memory in between, the
/// debugger first of all, sees the guest's own.
struct KVMCodePatches {
    /// BRK #0.
    private static let breakpoint: UInt32 = 0xD420_0000

    private struct Patch {
        var address: UInt64
        var original: UInt32
    }

    private var patches: [Patch] = []

    /// The guest-physical addresses that are patched.
    var addresses: Set<UInt64> { Set(patches.map(\.address)) }

    /// Patches the words at these guest-physical addresses, as far as they are RAM.
    mutating func insert(_ addresses: Set<UInt64>, into memory: GuestMemory) {
        for address in addresses.sorted() {
            guard let word = Self.word(at: address, in: memory) else { continue }
            let original = UInt32(littleEndian: word.load(as: UInt32.self))
            patches.append(Patch(address: address, original: original))
            Self.store(Self.breakpoint, at: word)
        }
    }

    /// Gives the guest its words back; what it has written over a patch meanwhile stays.
    mutating func remove(from memory: GuestMemory) {
        for patch in patches {
            guard let word = Self.word(at: patch.address, in: memory),
                UInt32(littleEndian: word.load(as: UInt32.self)) == Self.breakpoint
            else { continue }
            Self.store(patch.original, at: word)
        }
        patches = []
    }

    private static func word(at address: UInt64, in memory: GuestMemory) -> UnsafeMutableRawPointer? {
        guard address & 3 == 0, let region = memory.region(at: address), region.kind == .ram,
            region.end - address >= 4
        else { return nil }
        // SAFETY: the four bytes lie within the region.
        return region.host + Int(address - region.base)
    }

    private static func store(_ value: UInt32, at word: UnsafeMutableRawPointer) {
        word.storeBytes(of: value.littleEndian, as: UInt32.self)
        synchronizeCode(word, count: 4)
    }
}
