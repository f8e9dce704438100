/// A range of guest-physical addresses backed by host memory.
package struct RAMRegion {
    package var base: UInt64
    /// In bytes: a multiple of 4 KiB, as is `base`.
    package var size: UInt64
    package var host: UnsafeMutableRawPointer
    /// Reads and fetches go to `host`, writes to the environment (flash).
    package var isReadOnly: Bool

    package init(base: UInt64, size: UInt64, host: UnsafeMutableRawPointer, isReadOnly: Bool) {
        self.base = base
        self.size = size
        self.host = host
        self.isReadOnly = isReadOnly
    }
}
