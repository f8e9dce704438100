extension VectorHandlers {
    /// The rows of all floating-point instructions, scalar and vector.
    static var floatingPointRows: Rows {
        let scalar = floatMoveAndCompareRows + floatScalarRows + floatScalarSIMDRows + floatConversionRows
        let vector = floatThreeSameRows + floatTwoRegisterRows + floatPairRows + floatByElementRows
        return scalar + vector + floatPrecisionAndFixedPointRows + floatVectorIntegerRows + floatScalarIntegerRows
    }
}
