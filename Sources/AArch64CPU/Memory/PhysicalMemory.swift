/// The RAM and flash of the guest-physical address space: the host address of each page, and flags for its stores.
package final class PhysicalMemory {
    /// The regions, which must not overlap.
    package let regions: [RAMRegion]
    /// Whether a region is read through the host pointer, by index; false for flash in a status mode.
    private var isDirect: [Bool]
    /// One byte of ``PageFlags`` for each 4 KiB page, by region.
    private let pageFlags: [UnsafeMutablePointer<UInt8>]

    /// Reasons for a store to a page to take the slow path.
    struct PageFlags {
        /// The page has decoded blocks, which a store must drop.
        static let hasCode: UInt8 = 1
        /// A TLB of some vCPU may hold an entry that lets stores to the page take the fast path.
        static let isInWriteTLB: UInt8 = 2
    }

    /// Makes all regions direct, without code.
    package init(regions: [RAMRegion]) {
        self.regions = regions
        isDirect = regions.map { _ in true }
        pageFlags = regions.map { region in
            let pages = Int(region.size >> 12)
            let flags = UnsafeMutablePointer<UInt8>.allocate(capacity: max(pages, 1))
            flags.initialize(repeating: 0, count: max(pages, 1))
            return flags
        }
    }

    deinit {
        for flags in pageFlags { flags.deallocate() }
    }

    /// A host address in RAM or flash.
    struct Place {
        var host: UnsafeMutableRawPointer
        var isReadOnly: Bool
        /// The ``PageFlags`` of its page.
        var flags: UnsafeMutablePointer<UInt8>
    }

    /// Returns the host place of `address`, nil when it is not RAM.
    func place(of address: UInt64) -> Place? {
        for index in regions.indices {
            let region = regions[index]
            let offset = address &- region.base
            if offset < region.size {
                guard isDirect[index] else { return nil }
                return Place(
                    host: region.host + Int(offset), isReadOnly: region.isReadOnly,
                    flags: pageFlags[index] + Int(offset >> 12))
            }
        }
        return nil
    }

    /// Makes the region at `base` direct or not; false if nothing changed.
    func setDirect(_ direct: Bool, regionAt base: UInt64) -> Bool {
        guard let index = regions.firstIndex(where: { $0.base == base }), isDirect[index] != direct else {
            return false
        }
        isDirect[index] = direct
        return true
    }

    /// Reads a naturally aligned doubleword of RAM, for table walks; nil when it is not RAM.
    package func load64(_ address: UInt64) -> UInt64? {
        guard let place = place(of: address & ~7) else { return nil }
        return UInt64(littleEndian: place.host.loadUnaligned(as: UInt64.self))
    }

    /// Reads an instruction word; nil when it is not RAM.
    func load32(_ address: UInt64) -> UInt32? {
        guard let place = place(of: address & ~3) else { return nil }
        return UInt32(littleEndian: place.host.loadUnaligned(as: UInt32.self))
    }
}
