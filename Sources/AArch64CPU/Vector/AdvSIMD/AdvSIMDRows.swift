extension VectorHandlers {
    /// Advanced SIMD on integers and bits, and the cryptographic instructions.
    static var integerVectorRows: Rows {
        threeSameRows + logicalRows + threeDifferentRows + acrossLanesRows + copyRows + permuteRows
            + twoRegisterRows + modifiedImmediateRows + shiftByImmediateRows + byElementRows + aesRows + shaRows
    }
}
