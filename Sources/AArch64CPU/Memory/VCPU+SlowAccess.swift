/// An access that has passed all checks, so that only an external abort of a device can still fail it.
struct PreparedAccess {
    var first: AccessPiece
    /// The part in the next page, if the access crosses a page boundary.
    var second: AccessPiece?
    /// The number of bytes in the first page.
    var firstLength: UInt64
    var address: UInt64
}

extension VCPU {
    /// Makes all checks of an access, in the architecture's order: alignment where the instruction or SCTLR_EL1.A
    /// requires it, translation, alignment where the memory type requires it, then watchpoints.
    ///
    /// `element` is the size in bytes of each single access, `size` that of the whole.
    func prepare(
        _ va: UInt64, size: UInt64, element: UInt64, isWrite: Bool, isUnprivileged: Bool = false,
        mustBeAligned: Bool = false
    ) throws(MemoryAbort) -> PreparedAccess {
        let isUnaligned = va & (element - 1) != 0
        if isUnaligned && (mustBeAligned || system.sctlr_el1 & 2 != 0) {
            throw .fault(MemoryFault(status: MemoryFault.alignment, virtualAddress: va), isWrite: isWrite)
        }
        let first = try locate(va, isWrite: isWrite, isUnprivileged: isUnprivileged)
        let toPageEnd = 0x1000 - va & 0xFFF
        var access = PreparedAccess(first: first, second: nil, firstLength: min(size, toPageEnd), address: va)
        if size > toPageEnd {
            access.second = try locate(va &+ toPageEnd, isWrite: isWrite, isUnprivileged: isUnprivileged)
        }
        let flags = access.first.flags | (access.second?.flags ?? 0)
        if isUnaligned && flags & TranslationBank.TagFlags.alignedOnly != 0 {
            throw .fault(MemoryFault(status: MemoryFault.alignment, virtualAddress: va), isWrite: isWrite)
        }
        if flags & TranslationBank.TagFlags.isWatched != 0 { try checkWatchpoints(va, size: size, isWrite: isWrite) }
        return access
    }

    /// Reads `size` bytes, 1, 2, 4 or 8, at `offset` of a prepared access.
    func read(_ access: PreparedAccess, offset: UInt64 = 0, size: UInt64) throws(MemoryAbort) -> UInt64 {
        if offset + size <= access.firstLength {
            return try read(access.first, offset: offset, size: size, access.address &+ offset)
        }
        guard let second = access.second else { return 0 }
        if offset >= access.firstLength {
            return try read(second, offset: offset - access.firstLength, size: size, access.address &+ offset)
        }
        var value: UInt64 = 0
        for byte in 0..<size {
            value |= try read(access, offset: offset + byte, size: 1) << (8 * byte)
        }
        return value
    }

    private func read(
        _ piece: AccessPiece, offset: UInt64, size: UInt64, _ va: UInt64
    ) throws(MemoryAbort) -> UInt64 {
        if let host = piece.host { return Self.load(host + Int(offset), size: size) }
        let answer = cluster.environment.readDevice(piece.physical &+ offset, size: Int(size), vcpu: index)
        deviceWasAccessed()
        guard let value = answer else {
            throw .fault(
                MemoryFault(status: MemoryFault.synchronousExternalAbort, virtualAddress: va), isWrite: false)
        }
        return size == 8 ? value : value & ((1 << (8 * size)) - 1)
    }

    /// Writes `size` bytes, 1, 2, 4 or 8, at `offset` of an access prepared for writing.
    func write(
        _ access: PreparedAccess, offset: UInt64 = 0, size: UInt64, _ value: UInt64
    ) throws(MemoryAbort) {
        if offset + size <= access.firstLength {
            try write(access.first, offset: offset, size: size, value, access.address &+ offset)
        } else if let second = access.second, offset >= access.firstLength {
            try write(second, offset: offset - access.firstLength, size: size, value, access.address &+ offset)
        } else {
            for byte in 0..<size { try write(access, offset: offset + byte, size: 1, value >> (8 * byte)) }
        }
    }

    private func write(
        _ piece: AccessPiece, offset: UInt64, size: UInt64, _ value: UInt64, _ va: UInt64
    ) throws(MemoryAbort) {
        let physical = piece.physical &+ offset
        if let host = piece.host {
            Self.store(host + Int(offset), size: size, value)
            if piece.flags & TranslationBank.TagFlags.hasCode != 0 {
                cluster.codeWritten(physical: physical, length: size, by: self)
            }
            return
        }
        let masked = size == 8 ? value : value & ((1 << (8 * size)) - 1)
        let isDone = cluster.environment.writeDevice(physical, size: Int(size), value: masked, vcpu: index)
        if cluster.endsAtDeviceWrites { cluster.requestExit() }
        deviceWasAccessed()
        guard isDone else {
            throw .fault(MemoryFault(status: MemoryFault.synchronousExternalAbort, virtualAddress: va), isWrite: true)
        }
    }

    /// Checks for a request to exit, because a device access may take as long as thousands of instructions.
    private func deviceWasAccessed() {
        if cluster.exitRequest.isPending { requestAttention() }
    }

    static func load(_ host: UnsafeMutableRawPointer, size: UInt64) -> UInt64 {
        switch size {
        case 1: UInt64(host.load(as: UInt8.self))
        case 2: UInt64(host.loadUnaligned(as: UInt16.self))
        case 4: UInt64(host.loadUnaligned(as: UInt32.self))
        default: host.loadUnaligned(as: UInt64.self)
        }
    }

    static func store(_ host: UnsafeMutableRawPointer, size: UInt64, _ value: UInt64) {
        switch size {
        case 1: host.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
        case 2: host.storeBytes(of: UInt16(truncatingIfNeeded: value), as: UInt16.self)
        case 4: host.storeBytes(of: UInt32(truncatingIfNeeded: value), as: UInt32.self)
        default: host.storeBytes(of: value, as: UInt64.self)
        }
    }
}
