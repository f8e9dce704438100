extension VectorHandlers {
    /// All of floating point, scalar and vector.
    static var floatingPointRows: Rows {
        let scalar = floatMoveAndCompareRows + floatScalarRows + floatScalarSIMDRows + floatConversionRows
        let vector = floatThreeSameRows + floatTwoRegisterRows + floatPairRows + floatByElementRows
        return scalar + vector + floatPrecisionAndFixedPointRows + floatVectorIntegerRows + floatScalarIntegerRows
    }
}
