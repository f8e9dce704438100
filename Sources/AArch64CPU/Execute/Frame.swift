/// The state of the run loop that is kept in host registers: the vCPU's state, the current operation and its block.
///
/// Everything is inlined into the loop. A handler loads only the fields of the operation that it uses; a copy of the
/// operation would load them all.
struct Frame {
    let x: UnsafeMutablePointer<UInt64>
    var p: OperationPointer
    var block: BlockPointer

    @inline(__always) var n: UInt64 { x[Int(p.pointee.rn)] }
    @inline(__always) var m: UInt64 { x[Int(p.pointee.rm)] }
    @inline(__always) var a: UInt64 { x[Int(p.pointee.ra)] }
    @inline(__always) var n32: UInt32 { UInt32(truncatingIfNeeded: n) }
    @inline(__always) var m32: UInt32 { UInt32(truncatingIfNeeded: m) }
    @inline(__always) var a32: UInt32 { UInt32(truncatingIfNeeded: a) }
    @inline(__always) var immediate: UInt64 { p.pointee.immediate }
    @inline(__always) var immediate32: UInt32 { UInt32(truncatingIfNeeded: p.pointee.immediate) }
    @inline(__always) var shift: UInt64 { UInt64(p.pointee.shift) }

    @inline(__always)
    var d: UInt64 {
        get { x[Int(p.pointee.rd)] }
        nonmutating set { x[Int(p.pointee.rd)] = newValue }
    }

    @inline(__always)
    var d32: UInt32 {
        get { UInt32(truncatingIfNeeded: d) }
        nonmutating set { d = UInt64(newValue) }
    }

    @inline(__always)
    func setFlags(_ kind: UInt64, _ a: UInt64, _ b: UInt64) {
        x[VCPUState.flagsKind] = kind
        x[VCPUState.flagsA] = a
        x[VCPUState.flagsB] = b
    }

    @inline(__always)
    func setFlags(packed flags: UInt32) {
        x[VCPUState.flagsKind] = LazyFlags.Kind.packed
        x[VCPUState.flagsA] = UInt64(flags)
    }

    // Comparisons that set the flags and are followed by a branch. They return the operands, which the caller compares.

    @inline(__always)
    func subtractImmediate64() -> (UInt64, UInt64) {
        let (left, right) = (n, immediate)
        d = left &- right
        setFlags(LazyFlags.Kind.subtract64, left, right)
        return (left, right)
    }

    @inline(__always)
    func subtractImmediate32() -> (UInt32, UInt32) {
        let (left, right) = (n32, immediate32)
        d32 = left &- right
        setFlags(LazyFlags.Kind.subtract32, UInt64(left), UInt64(right))
        return (left, right)
    }

    @inline(__always)
    func subtract64() -> (UInt64, UInt64) {
        let (left, right) = (n, m)
        d = left &- right
        setFlags(LazyFlags.Kind.subtract64, left, right)
        return (left, right)
    }

    @inline(__always)
    func subtract32() -> (UInt32, UInt32) {
        let (left, right) = (n32, m32)
        d32 = left &- right
        setFlags(LazyFlags.Kind.subtract32, UInt64(left), UInt64(right))
        return (left, right)
    }

    @inline(__always)
    func and64(_ right: UInt64) -> UInt64 {
        let result = n & right
        d = result
        setFlags(LazyFlags.Kind.logical64, result, 0)
        return result
    }

    @inline(__always)
    func and32(_ right: UInt32) -> UInt32 {
        let result = n32 & right
        d32 = result
        setFlags(LazyFlags.Kind.logical32, UInt64(result), 0)
        return result
    }

    /// Whether YIELD ends the run (``CPUCluster/yieldEndsRun``).
    @inline(__always)
    var yieldEndsRun: Bool {
        UnsafePointer<UInt64>(bitPattern: UInt(x[VCPUState.yieldEndsRun])).unsafelyUnwrapped.pointee != 0
    }

    /// Whether the condition in `shift` holds.
    @inline(__always)
    var condition: Bool { LazyFlags.holds(p.pointee.shift, x) }
}

// Memory accesses on the fast path: a TLB hit within one page. They return false when the slow path must execute the
// operation.
extension Frame {
    /// Returns the host address of `size` bytes at `va`, nil on a TLB miss.
    ///
    /// The tag is compared with the page of the last byte, so an access that crosses a page boundary takes the slow
    /// path. A page where unaligned accesses fault has a different tag, which matches here only an access aligned to
    /// `element` bytes; for a pair, `element` is half of `size`.
    @inline(__always)
    func host(_ va: UInt64, size: UInt64, element: UInt64, tag: Int) -> UnsafeMutableRawPointer? {
        let tlb = UnsafeMutableRawPointer(bitPattern: UInt(x[VCPUState.readTLB])).unsafelyUnwrapped
        let offset = Int(truncatingIfNeeded: (va &>> 7) & UInt64((TranslationBank.entryCount - 1) << 5))
        let entry = (tlb + offset).assumingMemoryBound(to: UInt64.self)
        let page = (va &+ (size &- 1)) & Block.pageMask
        if entry[tag] != page {
            let aligned = va & (element &- 1) | page | TranslationBank.TagFlags.alignedOnly
            guard entry[tag] == aligned else { return nil }
        }
        return UnsafeMutableRawPointer(bitPattern: UInt(va &+ entry[TranslationBank.addend])).unsafelyUnwrapped
    }

    @inline(__always)
    func load<T: FixedWidthInteger & BitwiseCopyable>(_ va: UInt64, _ type: T.Type) -> T? {
        host(
            va, size: UInt64(MemoryLayout<T>.size), element: UInt64(MemoryLayout<T>.size), tag: TranslationBank.tagRead)?
            .loadUnaligned(as: T.self)
    }

    @inline(__always)
    func store<T: FixedWidthInteger & BitwiseCopyable>(_ va: UInt64, _ value: T) -> Bool {
        guard
            let host = host(
                va, size: UInt64(MemoryLayout<T>.size), element: UInt64(MemoryLayout<T>.size),
                tag: TranslationBank.tagWrite)
        else {
            return false
        }
        host.storeBytes(of: value, as: T.self)
        return true
    }

    /// Loads and zero-extends.
    @inline(__always)
    func load<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(to type: T.Type, at va: UInt64) -> Bool {
        guard let value = load(va, T.self) else { return false }
        d = UInt64(truncatingIfNeeded: value)
        return true
    }

    /// Loads and sign-extends to 64 bits.
    @inline(__always)
    func loadSigned64<T: FixedWidthInteger & SignedInteger & BitwiseCopyable>(_ type: T.Type, at va: UInt64) -> Bool {
        guard let value = load(va, T.self) else { return false }
        d = UInt64(truncatingIfNeeded: Int64(value))
        return true
    }

    /// Loads and sign-extends to 32 bits.
    @inline(__always)
    func loadSigned32<T: FixedWidthInteger & SignedInteger & BitwiseCopyable>(_ type: T.Type, at va: UInt64) -> Bool {
        guard let value = load(va, T.self) else { return false }
        d32 = UInt32(truncatingIfNeeded: Int32(truncatingIfNeeded: value))
        return true
    }

    /// The address of base plus immediate offset.
    @inline(__always) var offsetAddress: UInt64 { n &+ immediate }
    /// The address of base plus shifted index register.
    @inline(__always) var registerAddress: UInt64 { n &+ (m &<< shift) }
    /// The address of an access with write-back, which does not include a post-index offset.
    @inline(__always)
    var writeBackAddress: UInt64 {
        n &+ UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: immediate)))
    }

    /// Updates the base register if the access was done; returns `done`.
    @inline(__always)
    func writeBack(_ done: Bool) -> Bool {
        if done {
            x[Int(p.pointee.rn)] &+= UInt64(bitPattern: Int64(bitPattern: immediate) &>> 32)
        }
        return done
    }

    @inline(__always)
    func loadPair<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(_ type: T.Type, at va: UInt64) -> Bool {
        let size = MemoryLayout<T>.size
        guard let host = host(va, size: UInt64(2 * size), element: UInt64(size), tag: TranslationBank.tagRead) else {
            return false
        }
        let first = host.loadUnaligned(as: T.self)
        let second = host.loadUnaligned(fromByteOffset: size, as: T.self)
        d = UInt64(truncatingIfNeeded: first)
        x[Int(p.pointee.rm)] = UInt64(truncatingIfNeeded: second)
        return true
    }

    @inline(__always)
    func storePair<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(_ type: T.Type, at va: UInt64) -> Bool {
        let size = MemoryLayout<T>.size
        guard let host = host(va, size: UInt64(2 * size), element: UInt64(size), tag: TranslationBank.tagWrite) else {
            return false
        }
        host.storeBytes(of: T(truncatingIfNeeded: d), as: T.self)
        host.storeBytes(of: T(truncatingIfNeeded: m), toByteOffset: size, as: T.self)
        return true
    }

    @inline(__always)
    func loadPairSigned32(at va: UInt64) -> Bool {
        guard let host = host(va, size: 8, element: 4, tag: TranslationBank.tagRead) else { return false }
        let first = host.loadUnaligned(as: Int32.self)
        let second = host.loadUnaligned(fromByteOffset: 4, as: Int32.self)
        d = UInt64(bitPattern: Int64(first))
        x[Int(p.pointee.rm)] = UInt64(bitPattern: Int64(second))
        return true
    }
}

// Memory: V registers of 128 bits.
extension Frame {
    private typealias Vector = SIMD2<UInt64>

    @inline(__always)
    private func vector(_ slot: UInt8) -> UnsafeMutableRawPointer { UnsafeMutableRawPointer(x + Int(slot)) }

    @inline(__always)
    func load128(at va: UInt64) -> Bool {
        guard let host = host(va, size: 16, element: 16, tag: TranslationBank.tagRead) else { return false }
        vector(p.pointee.rd).storeBytes(of: host.loadUnaligned(as: Vector.self), as: Vector.self)
        return true
    }

    @inline(__always)
    func store128(at va: UInt64) -> Bool {
        guard let host = host(va, size: 16, element: 16, tag: TranslationBank.tagWrite) else { return false }
        host.storeBytes(of: vector(p.pointee.rd).loadUnaligned(as: Vector.self), as: Vector.self)
        return true
    }

    @inline(__always)
    func loadPair128(at va: UInt64) -> Bool {
        guard let host = host(va, size: 32, element: 16, tag: TranslationBank.tagRead) else { return false }
        let second = host.loadUnaligned(fromByteOffset: 16, as: Vector.self)
        vector(p.pointee.rd).storeBytes(of: host.loadUnaligned(as: Vector.self), as: Vector.self)
        vector(p.pointee.rm).storeBytes(of: second, as: Vector.self)
        return true
    }

    @inline(__always)
    func storePair128(at va: UInt64) -> Bool {
        guard let host = host(va, size: 32, element: 16, tag: TranslationBank.tagWrite) else { return false }
        host.storeBytes(of: vector(p.pointee.rd).loadUnaligned(as: Vector.self), as: Vector.self)
        host.storeBytes(
            of: vector(p.pointee.rm).loadUnaligned(as: Vector.self), toByteOffset: 16, as: Vector.self)
        return true
    }
}

// Memory: structures of V registers.
extension Frame {
    @inline(__always)
    func moveStructure(_ tag: Int) -> Bool {
        guard let host = host(n, size: shift, element: 1 &<< UInt64(p.pointee.ra), tag: tag) else { return false }
        VectorStructure.move(x, host, UInt32(truncatingIfNeeded: immediate))
        return true
    }
}

extension Frame {
    /// Returns the block at a computed address, nil if the jump cache does not have it.
    @inline(__always)
    func jumpTarget(_ va: UInt64) -> BlockPointer? {
        let entry = JumpCache.entry(for: va, in: x)
        guard entry[0] == va else { return nil }
        return BlockPointer(bitPattern: UInt(entry[1]))
    }
}

/// The direct-mapped cache of a translation context that finds blocks by virtual address.
enum JumpCache {
    @inline(__always)
    static func entry(for va: UInt64, in state: UnsafeMutablePointer<UInt64>) -> UnsafeMutablePointer<UInt64> {
        let cache = UnsafeMutableRawPointer(bitPattern: UInt(state[VCPUState.jumpCache])).unsafelyUnwrapped
        let hash = Int(truncatingIfNeeded: va &>> 2 ^ va &>> 12) & (TranslationBank.jumpCount - 1)
        return (cache + hash * TranslationBank.jumpSize).assumingMemoryBound(to: UInt64.self)
    }
}
