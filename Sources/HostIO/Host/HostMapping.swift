import Platform
package import SystemPackage

/// Memory of the host that reads as zero until it is written, unmapped at its end of life: a guest's RAM or flash.
///
/// A large mapping costs what is touched of it.
@safe
package struct HostMapping: ~Copyable {
    /// The first usable byte, aligned to 2 MiB so that the host can use large pages.
    package let address: UnsafeMutableRawPointer
    private let size: Int
    private let start: UnsafeMutableRawPointer
    private let length: Int
    /// Whether ones have been written to all of it, which `clear()` would undo.
    private var holdsWrittenOnes = false

    private static let alignment = 2 << 20
    private static let access = PROT_READ | PROT_WRITE

    private init(start: UnsafeMutableRawPointer, length: Int, size: Int) {
        // SAFETY: `start` is followed by `length` bytes, and the aligned address by at least `size` of them, which is
        // all that the rest of this type touches.
        unsafe self.start = start
        self.length = length
        self.size = size
        unsafe address = start.alignedUp(toMultipleOf: Self.alignment)
    }

    /// Reserves memory; what the host lacks is missed when it is touched.
    package static func make(size: UInt64) throws(Errno) -> HostMapping {
        guard size > 0, let size = Int(exactly: size), size < Int.max - alignment else { throw .noMemory }
        let length = size + alignment
        // SAFETY: a new mapping of `length` bytes changes no other, and madvise(2) concerns its own pages.
        let start = try unsafe map(nil, length, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1)
        let mapping = unsafe HostMapping(start: start, length: length, size: size)
        #if os(Linux)
        // Advice, whose refusal costs speed alone: fewer host TLB misses.
        unsafe madvise(mapping.address, size, MADV_HUGEPAGE)
        #endif
        return mapping
    }

    // SAFETY: the mapping belongs to this value, and its address is not used after this point.
    deinit { unsafe munmap(start, length) }

    /// mmap(2).
    private static func map(
        _ address: UnsafeMutableRawPointer?, _ count: Int, _ flags: CInt, _ file: CInt
    ) throws(Errno) -> UnsafeMutableRawPointer {
        // SAFETY: with a nil address the kernel chooses unused addresses; otherwise the caller answers for the range.
        guard let start = unsafe mmap(address, count, access, flags, file, 0), unsafe start != MAP_FAILED else {
            throw .last
        }
        return unsafe start
    }

    /// Makes the memory read as it did when it was made: as zero, or as ones after `fillWithOnes()`.
    package func clear() {
        #if os(Linux)
        // Private mappings drop their copies and show what they were made from (madvise(2)).
        // SAFETY: the range is this mapping.
        unsafe madvise(address, size, MADV_DONTNEED)
        #else
        // MADV_DONTNEED keeps the content here; a new mapping at the same place has none.
        _ = try? Self.map(address, size, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1)
        #endif
        // SAFETY: the mapping has `size` writable bytes from `address` on.
        if holdsWrittenOnes { unsafe memset(address, 0xFF, size) }
    }

    /// Makes the memory read as ones, in a way that costs no memory until it is written.
    ///
    /// One shared page of ones is mapped over all of it.
    package mutating func fillWithOnes() throws(Errno) {
        #if os(Linux)
        // SAFETY: the address is used as a number.
        if let page = unsafe SharedPage(of: address) { return try fill(from: page) }
        #endif
        // A host without shared memory, as some containers are: every byte is written, and takes memory.
        // SAFETY: the mapping has `size` writable bytes from `address` on.
        unsafe memset(address, 0xFF, size)
        holdsWrittenOnes = true
    }

    #if os(Linux)
    private func fill(from page: borrowing SharedPage) throws(Errno) {
        let pattern = SharedPage.size
        try systemCall { ftruncate(page.file.borrowed.rawValue, pattern) }
        // SAFETY: the new mapping has `pattern` bytes, and is unmapped with its last use.
        let ones = try unsafe Self.map(nil, pattern, MAP_SHARED, page.file.borrowed.rawValue)
        unsafe memset(ones, 0xFF, pattern)
        unsafe munmap(ones, pattern)
        for offset in stride(from: 0, to: size, by: pattern) {
            let count = min(pattern, size - offset)
            // SAFETY: the range lies within this mapping.
            _ = try unsafe Self.map(address + offset, count, MAP_PRIVATE | MAP_FIXED, page.file.borrowed.rawValue)
        }
    }
    #endif
}

#if os(Linux)
/// An unnamed file of shared memory (shm_open(3)).
private struct SharedPage: ~Copyable {
    static let size = 2 << 20
    let file: OwnedDescriptor

    /// Nil without /dev/shm.
    init?(of address: UnsafeMutableRawPointer) {
        // No other object of this process has this address, and the name is gone at once.
        let name = "/trapline-\(getpid())-\(UInt(bitPattern: address))"
        do throws(Errno) {
            // SAFETY: shm_open(3) and shm_unlink(3) read a string that ends in a zero.
            file = try OwnedDescriptor { unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
        } catch {
            return nil
        }
        unsafe shm_unlink(name)
    }
}
#endif
