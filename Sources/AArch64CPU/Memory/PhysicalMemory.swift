/// The guest-physical address space, as far as it is RAM: where a page is on the host, and what is known about it.
package final class PhysicalMemory {
    package let regions: [RAMRegion]
    /// Whether a region is read through the host pointer; flash that gives its status is not.
    private var isDirect: [Bool]
    /// One byte of ``PageFlags`` for each 4 KiB page, by region.
    private let pageFlags: [UnsafeMutablePointer<UInt8>]

    /// What stores to a page have to mind.
    struct PageFlags {
        /// There are decoded blocks of this page: stores must drop them.
        static let hasCode: UInt8 = 1
        /// Some vCPU's TLB may let stores to it through unseen.
        static let isInWriteTLB: UInt8 = 2
    }

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

    /// A place in RAM.
    struct Place {
        var host: UnsafeMutableRawPointer
        var isReadOnly: Bool
        /// The flags of its page.
        var flags: UnsafeMutablePointer<UInt8>
    }

    /// Where `address` is, nil when it is not RAM.
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

    /// True if that changed anything.
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
