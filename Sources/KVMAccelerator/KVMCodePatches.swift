import GuestMemory
import KVM
import Machine

/// Breakpoint instructions in guest memory in place of the guest's own bytes, while the vCPUs run.
///
/// They go in when the vCPUs are let go and come out when they are held, so that whoever looks at memory in between, the
/// debugger first of all, sees the guest's own.
struct KVMCodePatches {
    /// BRK #0 or INT3; it lies at a multiple of its size.
    private let breakpoint: [UInt8]

    private struct Patch {
        var address: UInt64
        var original: [UInt8]
    }

    private var patches: [Patch] = []

    init(_ breakpoint: [UInt8]) {
        self.breakpoint = breakpoint
    }

    /// The guest-physical addresses that are patched.
    var addresses: Set<UInt64> { Set(patches.map(\.address)) }

    /// Patches the instructions at these guest-physical addresses, as far as they are RAM.
    mutating func insert(_ addresses: Set<UInt64>, into memory: GuestMemory) {
        for address in addresses.sorted() {
            guard let place = place(of: address, in: memory) else { continue }
            patches.append(Patch(address: address, original: read(place)))
            store(breakpoint, at: place)
        }
    }

    /// Gives the guest its own back; what it has written over a patch meanwhile stays.
    mutating func remove(from memory: GuestMemory) {
        for patch in patches {
            guard let place = place(of: patch.address, in: memory), read(place) == breakpoint else { continue }
            store(patch.original, at: place)
        }
        patches = []
    }

    private func place(of address: UInt64, in memory: GuestMemory) -> UnsafeMutableRawPointer? {
        let size = UInt64(breakpoint.count)
        guard address % size == 0, let region = memory.region(at: address), region.kind == .ram,
            region.end - address >= size
        else { return nil }
        // SAFETY: the bytes lie within the region.
        return region.host + Int(address - region.base)
    }

    private func read(_ place: UnsafeMutableRawPointer) -> [UInt8] {
        breakpoint.indices.map { place.load(fromByteOffset: $0, as: UInt8.self) }
    }

    private func store(_ bytes: [UInt8], at place: UnsafeMutableRawPointer) {
        if bytes.count == 4 {
            // One store: no observer may see half an instruction.
            let word = bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
            place.storeBytes(of: word.littleEndian, as: UInt32.self)
        } else {
            for (index, byte) in bytes.enumerated() { place.storeBytes(of: byte, toByteOffset: index, as: UInt8.self) }
        }
        synchronizeCode(place, count: bytes.count)
    }
}
