extension CPUCluster {
    /// Drops what was decoded of a range of physical memory, after someone other than a vCPU wrote to it: a device,
    /// the debugger.
    ///
    /// If anything was dropped, a vCPU that is executing looks its next instruction up again: a device may have written
    /// over the block that has just accessed it, and where blocks are cut must not decide which code is executed.
    package func invalidateCode(_ range: Range<UInt64>) {
        var page = range.lowerBound & Block.pageMask
        while page < range.upperBound {
            let start = max(page, range.lowerBound)
            let end = min(page + 0x1000, range.upperBound)
            if let place = memory.place(of: page), place.flags.pointee & PhysicalMemory.PageFlags.hasCode != 0 {
                switch blocks.invalidate(physical: start, length: end - start) {
                case .harmless: break
                case .invalidated: running.map { vcpus[$0].requestAttention() }
                case .pageIsFree:
                    place.flags.pointee &= ~PhysicalMemory.PageFlags.hasCode
                    running.map { vcpus[$0].requestAttention() }
                }
            }
            page += 0x1000
        }
    }

    /// Drops everything that was decoded.
    package func invalidateAllCode() {
        dropAllBlocks()
    }

    /// Chooses how the region at `base` is read and fetched: directly, or as a device is, like flash that is giving its
    /// status.
    ///
    /// Fetching from what is not direct is an external abort.
    package func setRegion(at base: UInt64, isDirect: Bool) {
        guard memory.setDirect(isDirect, regionAt: base) else { return }
        dropAllBlocks()
        flushTranslations()
        // Who changed it may be in the middle of a block of that region.
        for vcpu in vcpus { vcpu.requestAttention() }
    }

    /// A vCPU stored to a page that has decoded blocks; the range does not leave the page.
    ///
    /// If any were dropped, the vCPU looks its next instruction up anew, as its own block may be among them.
    func codeWritten(physical: UInt64, length: UInt64, by vcpu: VCPU) {
        switch blocks.invalidate(physical: physical, length: length) {
        case .harmless:
            return
        case .invalidated:
            vcpu.requestAttention()
        case .pageIsFree:
            memory.place(of: physical)?.flags.pointee &= ~PhysicalMemory.PageFlags.hasCode
            vcpu.requestAttention()
        }
    }

    /// Sees to it that stores to the bytes of `count` instructions are noticed from now on.
    func noteCode(physical: UInt64, count: UInt64, at place: PhysicalMemory.Place) {
        blocks.noteCode(physical: physical, count: count)
        place.flags.pointee |= PhysicalMemory.PageFlags.hasCode
        if place.flags.pointee & PhysicalMemory.PageFlags.isInWriteTLB != 0 {
            place.flags.pointee &= ~PhysicalMemory.PageFlags.isInWriteTLB
            let page = physical & Block.pageMask
            for vcpu in vcpus { vcpu.flagCode(physicalPage: page) }
        }
    }

    /// Drops every block.
    ///
    /// A block being executed goes on to its end, or to the operation that asks for attention.
    func dropAllBlocks() {
        for page in blocks.removeAll() {
            memory.place(of: page)?.flags.pointee &= ~PhysicalMemory.PageFlags.hasCode
        }
        for vcpu in vcpus { vcpu.flushJumpCaches() }
    }
}
