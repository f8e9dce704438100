/// A range of guest-physical addresses backed by host memory.
package struct RAMRegion {
    /// The first guest-physical address, a multiple of 4 KiB.
    package var base: UInt64
    /// The size in bytes, a multiple of 4 KiB.
    package var size: UInt64
    /// The host memory of the region, `size` bytes.
    package var host: UnsafeMutableRawPointer
    /// Whether writes go to the environment instead of `host`, as for flash.
    ///
    /// Reads and fetches use `host`.
    package var isReadOnly: Bool

    /// Describes a region whose host memory must outlive the cluster.
    package init(base: UInt64, size: UInt64, host: UnsafeMutableRawPointer, isReadOnly: Bool) {
        self.base = base
        self.size = size
        self.host = host
        self.isReadOnly = isReadOnly
    }
}
