extension VectorHandlers {
    /// All of floating point, scalar and vector.
    static var floatingPointRows: Rows {
        floatMoveAndCompareRows + floatScalarRows + floatScalarSIMDRows + floatConversionRows
    }
}
