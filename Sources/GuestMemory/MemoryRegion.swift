package import GuestAddresses
import HostIO
import SystemPackage

/// Host memory that backs a range of guest-physical addresses, and its owner.
@safe
package final class MemoryRegion {
    package enum Kind: Sendable {
        /// The guest reads and writes it.
        case ram
        /// The guest reads it; its writes are commands to the flash chip.
        case flash
    }

    package let name: String
    package let kind: Kind
    package let base: PhysicalAddress
    package let size: UInt64

    /// Reads and fetches may go straight to the host memory; false while a flash chip answers with its status instead.
    package internal(set) var isDirect = true

    /// Guest writes go to a device, not to the host memory.
    package var isReadOnly: Bool { kind == .flash }
    /// The first address after it.
    package var end: PhysicalAddress { base + size }

    private var mapping: HostMapping

    init(name: String, kind: Kind, base: PhysicalAddress, size: UInt64) throws(RegionError) {
        self.name = name
        self.kind = kind
        self.base = base
        self.size = size
        do throws(Errno) {
            mapping = try HostMapping.make(size: size)
        } catch {
            throw RegionError(.notReserved(error), name: name, base: base, size: size)
        }
        guard kind == .flash else { return }
        do throws(Errno) {
            // An erased flash reads as ones.
            try mapping.fillWithOnes()
        } catch {
            throw RegionError(.notMapped(error), name: name, base: base, size: size)
        }
    }

    package func contains(_ address: PhysicalAddress) -> Bool {
        address >= base && address - base < size
    }

    /// Puts the region into the state of a new one: RAM reads as zero, flash as erased (all ones).
    package func clear() {
        mapping.clear()
    }

    /// The first byte of the region in the host's memory, valid for `size` bytes as long as the region lives.
    ///
    /// For KVM's memory slots and the software CPU, which make the guest's own accesses. Everything else goes through
    /// ``GuestMemory`` or ``GuestDMA``, which check ranges and inform observers.
    @unsafe
    package var unsafeHostAddress: UnsafeMutableRawPointer {
        // SAFETY: the caller keeps the region and stays within its `size` bytes.
        unsafe mapping.address
    }
}

// The accesses of this target to a region's bytes; each traps on a range that is not in the region.
extension MemoryRegion {
    /// The bytes of a range, valid as long as the region lives.
    @unsafe
    func bytes(at address: PhysicalAddress, count: UInt64) -> UnsafeMutableRawBufferPointer {
        let offset = address - base
        precondition(offset <= size && count <= size - offset)
        // SAFETY: the range lies within the mapping, which has `size` bytes and lives as long as the region.
        return unsafe UnsafeMutableRawBufferPointer(start: mapping.address + Int(offset), count: Int(count))
    }

    /// Reads a little-endian number.
    func load<Value: FixedWidthInteger & BitwiseCopyable>(at address: PhysicalAddress) -> Value {
        // SAFETY: `bytes` has the size of a Value, and every pattern of bits is one.
        let value = unsafe bytes(at: address, count: UInt64(MemoryLayout<Value>.size)).loadUnaligned(as: Value.self)
        return Value(littleEndian: value)
    }

    /// Writes a little-endian number with one store.
    func store<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at address: PhysicalAddress) {
        // SAFETY: `bytes` has the size of a Value.
        unsafe bytes(at: address, count: UInt64(MemoryLayout<Value>.size))
            .storeBytes(of: value.littleEndian, as: Value.self)
    }

    /// Appends the bytes of a range to an array.
    func read(_ address: PhysicalAddress, count: UInt64, appendingTo result: inout [UInt8]) {
        // SAFETY: the bytes are copied while the region lives.
        unsafe result += bytes(at: address, count: count)
    }

    /// Writes the bytes of a slice.
    func write(_ slice: ArraySlice<UInt8>, at address: PhysicalAddress) {
        // SAFETY: `bytes` has room for the slice.
        unsafe bytes(at: address, count: UInt64(slice.count)).copyBytes(from: slice)
    }

    /// Lends the bytes of a range.
    func modify<Result>(
        _ address: PhysicalAddress, count: UInt64, _ body: (inout MutableSpan<UInt8>) -> Result
    ) -> Result {
        // SAFETY: a mapping is memory of bytes. The span cannot outlive the call, during which the caller holds the region;
        // vCPUs may access the bytes at the same time, as they may with a device's DMA.
        let bytes = unsafe bytes(at: address, count: count).bindMemory(to: UInt8.self)
        var span = unsafe bytes.mutableSpan
        return body(&span)
    }
}
