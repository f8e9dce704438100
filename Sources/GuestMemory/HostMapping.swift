import Glibc

/// An anonymous private mapping of the host, unmapped at its end of life.
@safe
struct HostMapping: ~Copyable {
    /// The usable part, aligned to 2 MiB so that the host can use large pages.
    let address: UnsafeMutableRawPointer
    /// The bytes of the usable part.
    private let size: Int
    private let start: UnsafeMutableRawPointer

    private static let alignment = 2 << 20

    /// Nil if the host refuses, with the reason in `errno`.
    init?(size: UInt64) {
        guard size > 0, let size = Int(exactly: size), size < Int.max - Self.alignment else {
            errno = ENOMEM
            return nil
        }
        // NORESERVE: a guest with much RAM costs what it touches.
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        // SAFETY: a new mapping is used by this value alone; the usable part ends within it, because less than `alignment`
        // bytes before it are left out.
        guard let start = unsafe mmap(nil, size + Self.alignment, PROT_READ | PROT_WRITE, flags, -1, 0),
            unsafe start != MAP_FAILED
        else { return nil }
        self.size = size
        unsafe self.start = start
        unsafe address = start.alignedUp(toMultipleOf: Self.alignment)
        // Only a wish: fewer host TLB misses.
        unsafe madvise(address, size, MADV_HUGEPAGE)
    }

    // SAFETY: the mapping is this value's own.
    deinit { unsafe munmap(start, size + Self.alignment) }

    /// Brings back the contents of a new mapping: private mappings drop their copies and show what they were made from.
    borrowing func clear() {
        // SAFETY: the range is this value's own, and reads of it stay valid.
        unsafe madvise(address, size, MADV_DONTNEED)
    }

    /// Maps one file of ones over the whole range, so that an erased flash costs no memory until it is programmed.
    ///
    /// - Returns: `errno` if the host refuses.
    borrowing func fillWithOnes() -> CInt? {
        let pattern = 2 << 20
        // SAFETY: strings are passed for the duration of a call; `page` is a mapping of `pattern` bytes, not used after it
        // is unmapped; the ranges mapped over lie within this value's own.
        // The name exists only between these two lines; no other object of this process has this address.
        let name = unsafe "/trapline-\(getpid())-\(UInt(bitPattern: address))"
        let file = unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            // A host without /dev/shm, as some containers are: the flash is written out, and costs what it is big.
            unsafe memset(address, 0xFF, size)
            return nil
        }
        unsafe shm_unlink(name)
        defer { close(file) }
        guard ftruncate(file, pattern) == 0,
            let page = unsafe mmap(nil, pattern, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
            unsafe page != MAP_FAILED
        else { return errno }
        unsafe memset(page, 0xFF, pattern)
        unsafe munmap(page, pattern)
        for offset in stride(from: 0, to: size, by: pattern) {
            let count = min(pattern, size - offset)
            let protection = PROT_READ | PROT_WRITE
            let place = unsafe mmap(address + offset, count, protection, MAP_PRIVATE | MAP_FIXED, file, 0)
            guard unsafe place != MAP_FAILED else { return errno }
        }
        return nil
    }
}
