extension VCPU {
    /// Returns the block at `va`, decoding it if necessary, and enters it into the jump cache.
    func block(at va: UInt64) throws(MemoryFault) -> BlockPointer {
        let physical = try locateInstruction(va)
        let block: BlockPointer
        if let known = cluster.blocks.find(virtual: va, physical: physical) {
            block = known
        } else {
            block = try build(at: va, physical: physical)
        }
        let entry = JumpCache.entry(for: va, in: state.slots)
        banks[currentBank].recordJump(to: va)
        entry[0] = va
        entry[1] = UInt64(UInt(bitPattern: block))
        return block
    }

    private func build(at va: UInt64, physical: UInt64) throws(MemoryFault) -> BlockPointer {
        if !cluster.blocks.hasRoom { cluster.dropAllBlocks() }
        let block = cluster.blocks.nextPlace()
        let operations = try decodeBlock(
            into: block, at: va, physical: physical, limit: UInt64(Block.maximumLength), ignoringBreakpoints: false)
        cluster.blocks.keep(block, operationCount: operations)
        return block
    }

    /// Decodes a block at `va` of at most `limit` instructions into this vCPU's scratch memory.
    func scratchBlock(
        at va: UInt64, limit: UInt64, ignoringBreakpoints: Bool
    ) throws(MemoryFault) -> BlockPointer {
        let physical = try locateInstruction(va)
        _ = try decodeBlock(
            into: scratch, at: va, physical: physical, limit: min(limit, UInt64(Block.maximumLength)),
            ignoringBreakpoints: ignoringBreakpoints)
        return scratch
    }

    /// Makes a block that only stops, in this vCPU's scratch memory; nil without a breakpoint at `va`.
    func breakpointBlock(at va: UInt64) -> BlockPointer? {
        guard cluster.breakpoints.contains(va) else { return nil }
        scratch.initialize(to: Block(virtualAddress: va, physicalAddress: 0))
        var builder = BlockBuilder(block: scratch, features: cluster.features)
        builder.finishWithBreakpoint()
        return scratch
    }

    /// Decodes from `va` to the end of the page, a branch, a breakpoint or the limit.
    ///
    /// Returns the number of operations.
    private func decodeBlock(
        into block: BlockPointer, at va: UInt64, physical: UInt64, limit: UInt64, ignoringBreakpoints: Bool
    ) throws(MemoryFault) -> Int {
        guard let place = cluster.memory.place(of: physical) else {
            throw MemoryFault(status: MemoryFault.synchronousExternalAbort, virtualAddress: va)
        }
        block.initialize(to: Block(virtualAddress: va, physicalAddress: physical))
        var builder = BlockBuilder(block: block, features: cluster.features)
        let room = min(limit, (0x1000 - va & 0xFFF) / 4)
        let breakpoints = cluster.breakpoints
        if !ignoringBreakpoints && breakpoints.contains(va) {
            builder.finishWithBreakpoint()
        } else {
            var ends = false
            while !ends && UInt64(builder.length) < room {
                if builder.length > 0 && !breakpoints.isEmpty && breakpoints.contains(builder.address) { break }
                let word = (place.host + 4 * builder.length).loadUnaligned(as: UInt32.self)
                ends = builder.translate(UInt32(littleEndian: word))
            }
            builder.finish(ends: ends)
        }
        cluster.recordCode(physical: physical, count: block.pointee.count, at: place)
        return builder.count
    }

    /// Returns the successor of a block, linked if it lies in the same page.
    ///
    /// If it cannot be fetched, returns nil and sets PC to its address.
    @inline(never)
    func follow(_ block: BlockPointer, side: Int) -> BlockPointer? {
        let target = side == 0 ? block.pointee.takenAddress : block.end
        let isSamePage = (target ^ block.pointee.virtualAddress) & Block.pageMask == 0
        let entry = JumpCache.entry(for: target, in: state.slots)
        if entry[0] == target, let found = BlockPointer(bitPattern: UInt(entry[1])) {
            if isSamePage { link(block, side: side, to: found) }
            return found
        }
        let generation = cluster.blocks.generation
        guard let found = lookUp(target) else {
            pc = target
            loopExit = .lookUp
            return nil
        }
        if isSamePage && generation == cluster.blocks.generation { link(block, side: side, to: found) }
        return found
    }

    /// Links two blocks unless either is in scratch memory or dropped, because those must not be entered again.
    private func link(_ block: BlockPointer, side: Int, to target: BlockPointer) {
        guard block != scratch, !block.pointee.isDead, !target.pointee.isDead else { return }
        cluster.blocks.link(block, side: side, to: target)
    }

    /// Returns the block at a computed address; nil when it is unaligned, not canonical or cannot be fetched.
    @inline(never)
    func lookUp(_ va: UInt64) -> BlockPointer? {
        guard va & 3 == 0, canonicalAddress(va, isFetch: true) == va else { return nil }
        return try? block(at: va)
    }

    func flagCode(physicalPage page: UInt64) {
        for bank in 0..<TranslationBank.bankCount where banks[bank].isInUse { banks[bank].flagCode(physicalPage: page) }
    }
}
