import AArch64

/// Advanced SIMD three same, logical: operations on bits, independent of the element size.
///
/// Arm ARM, DDI 0487, C4.1 "Advanced SIMD three same", opcode 0b00011.
extension VectorHandlers {
    static let logicalRows: Rows = [
        (.andVector, { logical($0, $1) { first, second, _ in first & second } }),
        (.bicVector, { logical($0, $1) { first, second, _ in first & ~second } }),
        (.orrVector, { logical($0, $1) { first, second, _ in first | second } }),
        (.ornVector, { logical($0, $1) { first, second, _ in first | ~second } }),
        (.eorVector, { logical($0, $1) { first, second, _ in first ^ second } }),
        // BSL, BIT and BIF differ only in the register that selects the bits: Vd, Vm or the complement of Vm.
        (.bsl, { logical($0, $1) { first, second, old in second ^ ((second ^ first) & old) } }),
        (.bit, { logical($0, $1) { first, second, old in old ^ ((old ^ first) & second) } }),
        (.bif, { logical($0, $1) { first, second, old in old ^ ((old ^ first) & ~second) } }),
    ]
}

@inline(__always)
private func logical(
    _ state: UnsafeMutableRawPointer, _ word: UInt32,
    _ operation: (_ first: UInt64, _ second: UInt64, _ old: UInt64) -> UInt64
) {
    let vectors = VectorState(state)
    let first = vectors.load(word.rn, as: SIMD2<UInt64>.self)
    let second = vectors.load(word.rm, as: SIMD2<UInt64>.self)
    let old = vectors.load(word.rd, as: SIMD2<UInt64>.self)
    vectors.storeResult(
        word, SIMD2(operation(first.x, second.x, old.x), operation(first.y, second.y, old.y)))
}
