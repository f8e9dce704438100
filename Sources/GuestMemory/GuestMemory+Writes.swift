/// The source of a write to guest memory that no vCPU makes.
package enum MemoryWriter: Sendable {
    /// The debugger, the loader, or whoever runs the vCPUs: the vCPUs then fetch what was written.
    case host
    /// A device of the machine: as with real ones, the guest itself cares for its instruction caches.
    case device
}

// One path for all writes beside the vCPUs' own: whoever keeps something that was made from memory observes it.
extension GuestMemory {
    /// Has `observer` called after each write that is not a vCPU's, on the thread that writes, as long as this object lives.
    ///
    /// The range is of guest-physical addresses.
    package func observeWrites(_ observer: @escaping (Range<UInt64>, MemoryWriter) -> Void) {
        observers.append(observer)
    }

    /// Tells the observers of a write that was made through a region's own bytes.
    func wasWritten(_ range: Range<UInt64>, by writer: MemoryWriter) {
        guard !range.isEmpty else { return }
        for observer in observers { observer(range, writer) }
    }

    /// Lends the bytes of a range within one region for writing, and tells the observers; nil if it is not in one region.
    package func modify<Result>(
        _ address: UInt64, count: UInt64, by writer: MemoryWriter, _ body: (UnsafeMutableRawBufferPointer) -> Result
    ) -> Result? {
        guard let region = region(at: address), count <= region.end - address else { return nil }
        defer { wasWritten(address..<address + count, by: writer) }
        // SAFETY: the range lies within the region, which lives as long as this object holds it.
        return body(
            UnsafeMutableRawBufferPointer(start: region.host + Int(address - region.base), count: Int(count)))
    }
}
