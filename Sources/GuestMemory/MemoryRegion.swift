import Glibc

/// Host memory that backs a range of guest-physical addresses, and its owner.
package final class MemoryRegion {
    package enum Kind: Sendable {
        /// The guest reads and writes it.
        case ram
        /// The guest reads it; its writes are commands to the flash chip.
        case flash
    }

    package let name: String
    package let kind: Kind
    package let base: UInt64
    package let size: UInt64
    package let host: UnsafeMutableRawPointer

    /// Reads and fetches may go straight to `host`; false while a flash chip answers with its status instead.
    package internal(set) var isDirect = true

    /// Guest writes go to a device, not to `host`.
    package var isReadOnly: Bool { kind == .flash }
    /// The first address after it.
    package var end: UInt64 { base + size }

    private let mapping: HostMapping

    init(name: String, kind: Kind, base: UInt64, size: UInt64) throws(RegionError) {
        self.name = name
        self.kind = kind
        self.base = base
        self.size = size
        guard let mapping = HostMapping.map(size: size) else {
            throw RegionError(.notReserved(errno: errno), name: name, base: base, size: size)
        }
        host = mapping.address
        self.mapping = mapping
        if kind == .flash { try mapErased() }
    }

    /// Puts the region into the state of a new one: RAM reads as zero, flash as erased (all ones).
    package func clear() {
        // Private mappings drop their copies and show what they were made from.
        madvise(host, Int(size), MADV_DONTNEED)
    }

    /// Maps one file of ones over the whole region, so that an erased flash costs no memory until it is programmed.
    private func mapErased() throws(RegionError) {
        let pattern = 2 << 20
        // The name is only there between these two lines; no other object of this process has this address.
        let name = "/trapline-\(getpid())-\(UInt(bitPattern: host))"
        let file = shm_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            // A host without /dev/shm, as some containers are: the flash is written out, and costs what it is big.
            memset(host, 0xFF, Int(size))
            return
        }
        shm_unlink(name)
        defer { close(file) }
        guard ftruncate(file, pattern) == 0,
            let page = mmap(nil, pattern, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), page != MAP_FAILED
        else { throw outOfMemory() }
        memset(page, 0xFF, pattern)
        munmap(page, pattern)
        for offset in stride(from: 0, to: Int(size), by: pattern) {
            let count = min(pattern, Int(size) - offset)
            // SAFETY: the range lies within `mapping`, which this object owns.
            guard
                mmap(host + offset, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file, 0) != MAP_FAILED
            else { throw outOfMemory() }
        }
    }

    private func outOfMemory() -> RegionError {
        RegionError(.notMapped(errno: errno), name: name, base: base, size: size)
    }
}

/// An anonymous private mapping of the host, unmapped at its end of life.
private struct HostMapping: ~Copyable {
    /// The usable part, aligned to 2 MiB so that the host can use large pages.
    let address: UnsafeMutableRawPointer
    private let start: UnsafeMutableRawPointer
    private let length: Int

    private init(start: UnsafeMutableRawPointer, length: Int, alignment: Int) {
        self.start = start
        self.length = length
        address = start.alignedUp(toMultipleOf: alignment)
    }

    static func map(size: UInt64) -> HostMapping? {
        let alignment = 2 << 20
        guard size > 0, let size = Int(exactly: size), size < Int.max - alignment else {
            errno = ENOMEM
            return nil
        }
        // NORESERVE: a guest with much RAM costs what it touches.
        let length = size + alignment
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let start = mmap(nil, length, PROT_READ | PROT_WRITE, flags, -1, 0), start != MAP_FAILED else {
            return nil
        }
        let mapping = HostMapping(start: start, length: length, alignment: alignment)
        // Only a wish: fewer host TLB misses.
        madvise(mapping.address, size, MADV_HUGEPAGE)
        return mapping
    }

    deinit { munmap(start, length) }
}
