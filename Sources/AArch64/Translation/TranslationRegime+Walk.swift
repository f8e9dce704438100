public import GuestAddresses

extension TranslationRegime {
    /// Finds where a virtual address leads, whatever the permissions, PSTATE and the access flag say.
    ///
    /// For a debugger, which may look at anything that is mapped.
    /// - Parameter read: reads the 8 bytes of a descriptor at a physical address, little-endian; nil aborts the walk.
    public func walk(
        _ address: VirtualAddress, read: (PhysicalAddress) -> UInt64?
    ) throws(TranslationFault) -> Translation {
        guard isEnabled else { return try flat(address, isFetch: false) }
        return try lookUp(address, isFetch: false, isUnprivileged: false, checksAccessFlag: false, read: read)
    }

    /// Translates an access as the hardware would, faults in the architecture's order.
    ///
    /// That is: translation, address size and access flag as the walk meets them, then the alignment of an access to
    /// Device memory, then permissions (`AArch64.S1Translate`).
    public func translate(
        _ address: VirtualAddress, access: MemoryAccess, read: (PhysicalAddress) -> UInt64?
    ) throws(TranslationFault) -> Translation {
        let isFetch = access.kind == .fetch
        let result: Translation
        if isEnabled {
            result = try lookUp(
                address, isFetch: isFetch, isUnprivileged: !access.isPrivileged, checksAccessFlag: true, read: read)
        } else {
            result = try flat(address, isFetch: isFetch)
        }
        if !isFetch && !access.isAligned && result.attributes.isDevice { throw TranslationFault(.alignment, level: 0) }
        guard result.permissions.allows(access) else {
            throw TranslationFault(.permission, level: Int(result.level))
        }
        return result
    }

    /// The MMU is off: the physical address is the virtual one (`AArch64.S1DisabledOutput`).
    private func flat(_ virtual: VirtualAddress, isFetch: Bool) throws(TranslationFault) -> Translation {
        let address = virtual.rawValue
        let table = address[bit: 55] ? upper : lower
        let ignoresTop = isFetch ? table.ignoresTopByteOfFetch : table.ignoresTopByteOfData
        let output = ignoresTop ? address & UInt64.mask(56) : address
        guard output &>> UInt64(physicalAddressBits) == 0 else { throw TranslationFault(.addressSize, level: 0) }
        let fetched: MemoryAttributes = instructionCacheEnabled ? .normalWriteThrough : .normalNonCacheable
        return Translation(
            physicalAddress: PhysicalAddress(output), blockBits: 12, level: 0, base: .none, permissions: .unrestricted,
            attributes: isFetch ? fetched : .deviceNGnRnE)
    }

    /// `AArch64.S1Walk`.
    @inline(__always)
    private func lookUp(
        _ virtual: VirtualAddress, isFetch: Bool, isUnprivileged: Bool, checksAccessFlag: Bool,
        read: (PhysicalAddress) -> UInt64?
    ) throws(TranslationFault) -> Translation {
        let address = virtual.rawValue
        let isUpper = address[bit: 55]
        let table = isUpper ? upper : lower
        let input = withoutTag(address, isFetch: isFetch, table: table)
        // All bits above the input size are copies of the half's own bit.
        let excess = (isUpper ? ~input : input) &>> UInt64(table.inputBits)
        guard excess == 0, !table.isDisabled, !(table.faultsForEL0 && isUnprivileged) else {
            throw TranslationFault(.translation, level: 0)
        }

        var base = table.baseAddress
        guard base &>> UInt64(table.outputBits) == 0 else { throw TranslationFault(.addressSize, level: 0) }
        let granule = UInt64(table.granuleBits)
        let stride = granule &- 3
        var level = Int(table.startLevel)
        var highBit = UInt64(table.inputBits)
        // APTable, UXNTable and PXNTable of every level, where they stand in the descriptor.
        var hierarchy: UInt64 = 0

        while true {
            let lowBit = granule &+ stride &* UInt64(truncatingIfNeeded: 3 &- level)
            let index = (input & UInt64.mask(Int(highBit))) &>> lowBit
            guard var descriptor = read(PhysicalAddress(base &+ index &* 8)) else {
                throw TranslationFault(.externalAbortOnWalk, level: level)
            }
            if bigEndianTables { descriptor = descriptor.byteSwapped }

            if descriptor & 3 == 3 && level < 3 {
                base = table.address(in: descriptor, lowBit: granule)
                guard base &>> UInt64(table.outputBits) == 0 else { throw TranslationFault(.addressSize, level: level) }
                hierarchy |= descriptor
                highBit = lowBit
                level &+= 1
                continue
            }
            let isBlock = descriptor & 3 == 1 && level < 3 && level >= Int(table.firstBlockLevel)
            guard isBlock || (descriptor & 3 == 3) else { throw TranslationFault(.translation, level: level) }

            let output = table.address(in: descriptor, lowBit: lowBit)
            guard output &>> UInt64(table.outputBits) == 0 else { throw TranslationFault(.addressSize, level: level) }
            let accessed = descriptor[bit: 10]
            if checksAccessFlag && !accessed { throw TranslationFault(.accessFlag, level: level) }

            return Translation(
                physicalAddress: PhysicalAddress(output | (input & UInt64.mask(Int(lowBit)))),
                blockBits: UInt8(truncatingIfNeeded: lowBit), level: Int8(truncatingIfNeeded: level),
                base: isUpper ? .ttbr1 : .ttbr0,
                permissions: permissions(of: descriptor, hierarchy: table.ignoresHierarchy ? 0 : hierarchy),
                attributes: MemoryAttributes(
                    rawValue: UInt8(truncatingIfNeeded: mair &>> (8 &* descriptor[bits: 2...4]))),
                isNonGlobal: descriptor[bit: 11], isAccessed: accessed, isGuarded: descriptor[bit: 50])
        }
    }

    /// The rights of a page or block descriptor under the tables above it.
    ///
    /// Arm ARM, D8.4 "Memory access control", direct permissions (`AArch64.S1DirectBasePermissions`).
    @inline(__always)
    private func permissions(of descriptor: UInt64, hierarchy: UInt64) -> PagePermissions {
        // AP[2] and APTable[1]: read-only. AP[1] without APTable[0]: EL0 too.
        let writable = !descriptor[bit: 7] && !hierarchy[bit: 62]
        let user = descriptor[bit: 6] && !hierarchy[bit: 61]
        var el0Executes = !descriptor[bit: 54] && !hierarchy[bit: 60]
        // EL1 never executes a page that EL0 can write.
        var el1Executes = !descriptor[bit: 53] && !hierarchy[bit: 59] && !(user && writable)
        let panProtected = user || (enhancedPAN && el0Executes)
        if writeImpliesExecuteNever && writable {
            el1Executes = false
            if user { el0Executes = false }
        }

        var result: UInt8 = PagePermissions.el1Read.rawValue
        if writable { result |= PagePermissions.el1Write.rawValue }
        if user { result |= PagePermissions.el0Read.rawValue }
        if user && writable { result |= PagePermissions.el0Write.rawValue }
        if el0Executes { result |= PagePermissions.el0Execute.rawValue }
        if el1Executes { result |= PagePermissions.el1Execute.rawValue }
        if panProtected { result |= PagePermissions.panProtected.rawValue }
        return PagePermissions(rawValue: result)
    }
}
