/// The reason why a load or store was not done.
enum MemoryAbort: Error {
    case fault(MemoryFault, isWrite: Bool)
    /// The index of the watchpoint, and the lowest accessed byte in its range.
    case watchpoint(Int, UInt64)
}

/// The part of an access that lies in one page.
struct AccessPiece {
    /// Host address; nil where accesses go to the environment.
    var host: UnsafeMutableRawPointer?
    var physical: UInt64
    /// ``TranslationBank/TagFlags`` of the page for this kind of access.
    var flags: UInt64
}

extension VCPU {
    /// Translates `va` for a load or a store, by the TLB or by a table walk that fills the TLB.
    func locate(_ va: UInt64, isWrite: Bool, isUnprivileged: Bool) throws(MemoryAbort) -> AccessPiece {
        let slot = isUnprivileged ? VCPUState.unprivilegedTLB : VCPUState.readTLB
        let tlb = UnsafeMutableRawPointer(bitPattern: UInt(state[slot])).unsafelyUnwrapped
        let entry =
            (tlb + TranslationBank.index(of: va) * TranslationBank.entrySize).assumingMemoryBound(to: UInt64.self)
        let tag = isWrite ? TranslationBank.tagWrite : TranslationBank.tagRead
        if entry[tag] == TranslationBank.TagFlags.empty || entry[tag] & Block.pageMask != va & Block.pageMask {
            do throws(MemoryFault) {
                try fill(entry, va, isWrite: isWrite, isUnprivileged: isUnprivileged)
            } catch {
                throw .fault(error, isWrite: isWrite)
            }
        } else if isWrite && entry[tag] & TranslationBank.TagFlags.hasCode != 0 {
            refreshCodeFlag(entry)
        }
        let flags = entry[tag] & ~Block.pageMask
        let isDevice = flags & TranslationBank.TagFlags.isDevice != 0
        return AccessPiece(
            host: isDevice ? nil : UnsafeMutableRawPointer(bitPattern: UInt(va &+ entry[TranslationBank.addend])),
            physical: entry[TranslationBank.physicalPage] | va & ~Block.pageMask, flags: flags)
    }

    /// Fills a TLB entry for the page of `va`, for reads and writes as far as each is permitted.
    private func fill(
        _ entry: UnsafeMutablePointer<UInt64>, _ va: UInt64, isWrite: Bool, isUnprivileged: Bool
    ) throws(MemoryFault) {
        let isUnprivileged = isUnprivileged || exceptionLevel == 0
        let translation = try translate(va, MemoryAccess(isWrite ? .write : .read, isUnprivileged: isUnprivileged))
        let page = va & Block.pageMask
        let physicalPage = translation.physical & Block.pageMask
        var flags: UInt64 = 0
        // SCTLR_EL1.A is bit 1.
        if translation.isDevice || system.sctlr_el1 & 2 != 0 { flags |= TranslationBank.TagFlags.alignedOnly }
        if isWatched(page: page) { flags |= TranslationBank.TagFlags.isWatched }
        var writeFlags = flags
        let place = cluster.memory.place(of: physicalPage)
        if let place {
            if place.isReadOnly {
                writeFlags |= TranslationBank.TagFlags.isDevice
            } else if place.flags.pointee & PhysicalMemory.PageFlags.hasCode != 0 {
                writeFlags |= TranslationBank.TagFlags.hasCode
            } else if translation.isWritable {
                place.flags.pointee |= PhysicalMemory.PageFlags.isInWriteTLB
            }
        } else {
            flags |= TranslationBank.TagFlags.isDevice
            writeFlags |= TranslationBank.TagFlags.isDevice
        }
        entry[TranslationBank.tagRead] = translation.isReadable ? page | flags : TranslationBank.TagFlags.empty
        entry[TranslationBank.tagWrite] = translation.isWritable ? page | writeFlags : TranslationBank.TagFlags.empty
        entry[TranslationBank.addend] = place.map { UInt64(UInt(bitPattern: $0.host)) &- page } ?? 0
        entry[TranslationBank.physicalPage] = physicalPage
        if translation.blockShift > 12 { banks[currentBank].recordLarge(va: va, shift: translation.blockShift) }
    }

    /// Lets stores to a page take the fast path again if it has no decoded blocks any more.
    private func refreshCodeFlag(_ entry: UnsafeMutablePointer<UInt64>) {
        guard let place = cluster.memory.place(of: entry[TranslationBank.physicalPage]),
            place.flags.pointee & PhysicalMemory.PageFlags.hasCode == 0
        else { return }
        entry[TranslationBank.tagWrite] &= ~TranslationBank.TagFlags.hasCode
        place.flags.pointee |= PhysicalMemory.PageFlags.isInWriteTLB
    }

    /// Returns the physical address of the instruction at `va`.
    func locateInstruction(_ va: UInt64) throws(MemoryFault) -> UInt64 {
        let level = exceptionLevel == 0 ? 0 : 1
        let entry = banks[currentBank].fetches(level: level) + 2 * TranslationBank.fetchIndex(of: va)
        if entry[0] != va & Block.pageMask {
            let translation = try translate(va, MemoryAccess(.fetch, isUnprivileged: level == 0))
            entry[0] = va & Block.pageMask
            entry[1] = translation.physical & Block.pageMask
            if translation.blockShift > 12 { banks[currentBank].recordLarge(va: va, shift: translation.blockShift) }
        }
        return entry[1] | va & ~Block.pageMask
    }
}
