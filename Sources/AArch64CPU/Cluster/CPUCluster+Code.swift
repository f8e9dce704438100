extension CPUCluster {
    /// Drops the decoded blocks of a range of physical memory that a device or the debugger has written.
    ///
    /// If any block was dropped, a vCPU that is executing looks up its next instruction again: the device may have
    /// written over the block that accessed it, and the code that runs must not depend on where blocks end.
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

    /// Drops all decoded blocks.
    package func invalidateAllCode() {
        dropAllBlocks()
    }

    /// Chooses whether the region at `base` is read and fetched from host memory, or through the environment like a
    /// device, as flash in a status mode is.
    ///
    /// A fetch from a region that is not direct is an external abort.
    package func setRegion(at base: UInt64, isDirect: Bool) {
        guard memory.setDirect(isDirect, regionAt: base) else { return }
        dropAllBlocks()
        flushTranslations()
        // A vCPU may have made this change from a block of that region.
        for vcpu in vcpus { vcpu.requestAttention() }
    }

    /// Drops the blocks that a vCPU's store has overwritten; the range must lie within one page.
    ///
    /// If any were dropped, the vCPU looks up its next instruction again, because its own block may be among them.
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

    /// Makes stores to the bytes of `count` instructions take the slow path, which drops the blocks decoded from them.
    func recordCode(physical: UInt64, count: UInt64, at place: PhysicalMemory.Place) {
        blocks.recordCode(physical: physical, count: count)
        place.flags.pointee |= PhysicalMemory.PageFlags.hasCode
        if place.flags.pointee & PhysicalMemory.PageFlags.isInWriteTLB != 0 {
            place.flags.pointee &= ~PhysicalMemory.PageFlags.isInWriteTLB
            let page = physical & Block.pageMask
            for vcpu in vcpus { vcpu.flagCode(physicalPage: page) }
        }
    }

    /// Drops all blocks.
    ///
    /// A block that is executing runs to its end, or to the operation that checks for attention.
    func dropAllBlocks() {
        for page in blocks.removeAll() {
            memory.place(of: page)?.flags.pointee &= ~PhysicalMemory.PageFlags.hasCode
        }
        for vcpu in vcpus { vcpu.flushJumpCaches() }
    }
}
