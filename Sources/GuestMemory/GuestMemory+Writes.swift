package import GuestAddresses

/// The source of a write to guest memory that no vCPU makes.
package enum MemoryWriter: Sendable {
    /// The debugger, the loader or an accelerator: the vCPUs then fetch what was written.
    case host
    /// A device of the machine: as with real ones, the guest itself cares for its instruction caches.
    case device
}

// One path for all writes except the vCPUs' own, with observers for every cache that is made from memory.
extension GuestMemory {
    /// Has `observer` called after each write that is not a vCPU's, on the thread that writes, as long as this object
    /// lives.
    package func observeWrites(_ observer: @escaping (Range<PhysicalAddress>, MemoryWriter) -> Void) {
        observers.append(observer)
    }

    /// Informs the observers of a write that was made through a region's own bytes.
    func wasWritten(_ range: Range<PhysicalAddress>, by writer: MemoryWriter) {
        guard !range.isEmpty else { return }
        for observer in observers { observer(range, writer) }
    }

    /// Writes the bytes, all of which must go to memory; when it throws, nothing has changed.
    ///
    /// Flash is written as a programmer's cable would: no commands, no erase.
    package func write(
        _ address: PhysicalAddress, _ bytes: [UInt8], by writer: MemoryWriter = .host
    ) throws(MemoryError) {
        guard available(at: address, count: bytes.count) == bytes.count else {
            throw MemoryError(address: address, count: bytes.count)
        }
        var (reached, rest) = (address, bytes[...])
        while !rest.isEmpty, let region = region(at: reached) {
            let part = min(UInt64(rest.count), region.end - reached)
            region.write(rest.prefix(Int(part)), at: reached)
            reached += part
            rest = rest.dropFirst(Int(part))
        }
        wasWritten(address..<address + UInt64(bytes.count), by: writer)
    }

    /// Writes a little-endian number with one store, so that no vCPU sees half of it if it is aligned.
    ///
    /// - Returns: false if it is not in one region; nothing is written then.
    package func store<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, at address: PhysicalAddress, by writer: MemoryWriter
    ) -> Bool {
        let size = UInt64(MemoryLayout<Value>.size)
        guard let region = region(at: address), size <= region.end - address else { return false }
        region.store(value, at: address)
        wasWritten(address..<address + size, by: writer)
        return true
    }

    /// Lends the bytes of a range within one region for writing, and informs the observers; nil if it is not in one
    /// region.
    package func modify<Result>(
        _ address: PhysicalAddress, count: UInt64, by writer: MemoryWriter,
        _ body: (inout MutableSpan<UInt8>) -> Result
    ) -> Result? {
        guard let region = region(at: address), count <= region.end - address else { return nil }
        defer { wasWritten(address..<address + count, by: writer) }
        return region.modify(address, count: count, body)
    }
}
