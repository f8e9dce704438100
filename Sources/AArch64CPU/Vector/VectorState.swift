/// The part of a vCPU's state that vector handlers use: V0–V31, FPCR, FPSR, the general-purpose registers and the
/// flags.
struct VectorState {
    let slots: UnsafeMutablePointer<UInt64>

    @inline(__always)
    init(_ state: UnsafeMutableRawPointer) {
        slots = state.assumingMemoryBound(to: UInt64.self)
    }

    /// Returns the address of V`n`: 16 bytes, element 0 first, in little-endian order.
    @inline(__always)
    func address(_ n: Int) -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(slots + (VCPUState.vectors + 2 * (n & 31)))
    }

    /// Returns V`n` as lanes of a type: `load(3, as: SIMD4<UInt32>.self)`; a smaller type gets the low bits.
    @inline(__always)
    func load<T: BitwiseCopyable>(_ n: Int, as type: T.Type) -> T {
        address(n).load(as: type)
    }

    /// Writes all 128 bits of V`n`; the bits above a smaller value become zero.
    @inline(__always)
    func store<T: BitwiseCopyable>(_ n: Int, _ value: T) {
        if MemoryLayout<T>.size < 16 {
            address(n).storeBytes(of: 0, toByteOffset: 8, as: UInt64.self)
            if MemoryLayout<T>.size < 8 { address(n).storeBytes(of: 0, as: UInt64.self) }
        }
        address(n).storeBytes(of: value, as: T.self)
    }

    /// Returns one lane.
    @inline(__always)
    func lane<T: BitwiseCopyable>(_ n: Int, _ index: Int, as type: T.Type) -> T {
        address(n).load(fromByteOffset: index &* MemoryLayout<T>.size & 15, as: type)
    }

    /// Writes one lane; the rest keep their values.
    @inline(__always)
    func setLane<T: BitwiseCopyable>(_ n: Int, _ index: Int, _ value: T) {
        address(n).storeBytes(of: value, toByteOffset: index &* MemoryLayout<T>.size & 15, as: T.self)
    }

    /// Returns X`n`, where 31 is XZR.
    @inline(__always)
    func x(_ n: Int) -> UInt64 { slots[n & 31] }

    /// Writes X`n`; a write of 31 is discarded.
    @inline(__always)
    func setX(_ n: Int, _ value: UInt64) {
        slots[n & 31 == 31 ? VCPUState.discard : n & 31] = value
    }

    @inline(__always) var fpcr: UInt64 { slots[VCPUState.fpcr] }

    /// Sets cumulative bits of FPSR, which instructions never clear.
    @inline(__always)
    func setFPSR(_ bits: UInt64) { slots[VCPUState.fpsr] |= bits }

    /// Sets N, Z, C and V, given in bits 31–28.
    @inline(__always)
    func setFlags(_ nzcv: UInt32) {
        slots[VCPUState.flagsKind] = LazyFlags.Kind.packed
        slots[VCPUState.flagsA] = UInt64(nzcv)
    }

    /// Whether an A64 condition holds.
    @inline(__always)
    func holds(_ condition: UInt32) -> Bool {
        LazyFlags.holds(UInt8(truncatingIfNeeded: condition), slots)
    }
}
