/// The rows of Advanced SIMD instructions that combine a vector or a scalar with one element of a vector.
///
/// Arm ARM, DDI 0487, C4.1, "Advanced SIMD vector x indexed element" and the scalar form.
extension InstructionTable {
    static let advSIMDByElement: [Row] = requiring(
        .floatingPoint,
        [
            // Advanced SIMD vector x indexed element.
            Row("SMLAL (by element, vector)", "0q001111sslmmmmm0010h0nnnnnddddd", .smlalByElementVector, .size1Or2),
            Row("SQDMLAL (by element, vector)", "0q001111sslmmmmm0011h0nnnnnddddd", .sqdmlalByElementVector, .size1Or2),
            Row("SMLSL (by element, vector)", "0q001111sslmmmmm0110h0nnnnnddddd", .smlslByElementVector, .size1Or2),
            Row("SQDMLSL (by element, vector)", "0q001111sslmmmmm0111h0nnnnnddddd", .sqdmlslByElementVector, .size1Or2),
            Row("MUL (by element, vector)", "0q001111sslmmmmm1000h0nnnnnddddd", .mulByElementVector, .size1Or2),
            Row("SMULL (by element, vector)", "0q001111sslmmmmm1010h0nnnnnddddd", .smullByElementVector, .size1Or2),
            Row("SQDMULL (by element, vector)", "0q001111sslmmmmm1011h0nnnnnddddd", .sqdmullByElementVector, .size1Or2),
            Row("SQDMULH (by element, vector)", "0q001111sslmmmmm1100h0nnnnnddddd", .sqdmulhByElementVector, .size1Or2),
            Row(
                "SQRDMULH (by element, vector)", "0q001111sslmmmmm1101h0nnnnnddddd", .sqrdmulhByElementVector, .size1Or2
            ),
            Row("MLA (by element, vector)", "0q101111sslmmmmm0000h0nnnnnddddd", .mlaByElementVector, .size1Or2),
            Row("UMLAL (by element, vector)", "0q101111sslmmmmm0010h0nnnnnddddd", .umlalByElementVector, .size1Or2),
            Row("MLS (by element, vector)", "0q101111sslmmmmm0100h0nnnnnddddd", .mlsByElementVector, .size1Or2),
            Row("UMLSL (by element, vector)", "0q101111sslmmmmm0110h0nnnnnddddd", .umlslByElementVector, .size1Or2),
            Row("UMULL (by element, vector)", "0q101111sslmmmmm1010h0nnnnnddddd", .umullByElementVector, .size1Or2),
            Row(
                "SQRDMLAH (by element, vector)", "0q101111sslmmmmm1101h0nnnnnddddd", .sqrdmlahByElementVector,
                .size1Or2, .rdm),
            Row(
                "SQRDMLSH (by element, vector)", "0q101111sslmmmmm1111h0nnnnnddddd", .sqrdmlshByElementVector,
                .size1Or2, .rdm),
            Row(
                "FMLA (by element, vector)", "0q0011111slmmmmm0001h0nnnnnddddd", .fmlaByElementVector,
                .vectorElementPrecision),
            Row(
                "FMLA (by element, vector), half-precision", "0q00111100lmmmmm0001h0nnnnnddddd", .fmlaByElementVector,
                .fp16),
            Row(
                "FMLS (by element, vector)", "0q0011111slmmmmm0101h0nnnnnddddd", .fmlsByElementVector,
                .vectorElementPrecision),
            Row(
                "FMLS (by element, vector), half-precision", "0q00111100lmmmmm0101h0nnnnnddddd", .fmlsByElementVector,
                .fp16),
            Row(
                "FMUL (by element, vector)", "0q0011111slmmmmm1001h0nnnnnddddd", .fmulByElementVector,
                .vectorElementPrecision),
            Row(
                "FMUL (by element, vector), half-precision", "0q00111100lmmmmm1001h0nnnnnddddd", .fmulByElementVector,
                .fp16),
            Row(
                "FMULX (by element, vector)", "0q1011111slmmmmm1001h0nnnnnddddd", .fmulxByElementVector,
                .vectorElementPrecision),
            Row(
                "FMULX (by element, vector), half-precision", "0q10111100lmmmmm1001h0nnnnnddddd", .fmulxByElementVector,
                .fp16),
            Row("SDOT (by element, vector)", "0q00111110lmmmmm1110h0nnnnnddddd", .sdotByElementVector, .dotProd),
            Row("UDOT (by element, vector)", "0q10111110lmmmmm1110h0nnnnnddddd", .udotByElementVector, .dotProd),
            Row("USDOT (by element, vector)", "0q00111110lmmmmm1111h0nnnnnddddd", .usdotByElementVector, .i8mm),
            Row("SUDOT (by element, vector)", "0q00111100lmmmmm1111h0nnnnnddddd", .sudotByElementVector, .i8mm),
            Row("BFDOT (by element, vector)", "0q00111101lmmmmm1111h0nnnnnddddd", .bfdotByElementVector, .bf16),
            Row(
                "BFMLALB, BFMLALT (by element, vector)", "0q00111111lmmmmm1111h0nnnnnddddd", .bfmlalByElementVector,
                .bf16),
            Row("FMLAL (by element, vector)", "0q00111110lmmmmm0000h0nnnnnddddd", .fmlalByElementVector, .fhm),
            Row("FMLSL (by element, vector)", "0q00111110lmmmmm0100h0nnnnnddddd", .fmlslByElementVector, .fhm),
            Row("FMLAL2 (by element, vector)", "0q10111110lmmmmm1000h0nnnnnddddd", .fmlal2ByElementVector, .fhm),
            Row("FMLSL2 (by element, vector)", "0q10111110lmmmmm1100h0nnnnnddddd", .fmlsl2ByElementVector, .fhm),
            Row(
                "FCMLA (by element, vector), half-precision", "0q10111101lmmmmm0rr1h0nnnnnddddd", .fcmlaByElementVector,
                .complexElement, [.fcma, .fp16]),
            Row(
                "FCMLA (by element, vector), single-precision", "01101111100mmmmm0rr1h0nnnnnddddd",
                .fcmlaByElementVector, .fcma),

            // Advanced SIMD scalar x indexed element.
            Row("SQDMLAL (by element, scalar)", "01011111sslmmmmm0011h0nnnnnddddd", .sqdmlalByElementScalar, .size1Or2),
            Row("SQDMLSL (by element, scalar)", "01011111sslmmmmm0111h0nnnnnddddd", .sqdmlslByElementScalar, .size1Or2),
            Row("SQDMULL (by element, scalar)", "01011111sslmmmmm1011h0nnnnnddddd", .sqdmullByElementScalar, .size1Or2),
            Row("SQDMULH (by element, scalar)", "01011111sslmmmmm1100h0nnnnnddddd", .sqdmulhByElementScalar, .size1Or2),
            Row(
                "SQRDMULH (by element, scalar)", "01011111sslmmmmm1101h0nnnnnddddd", .sqrdmulhByElementScalar, .size1Or2
            ),
            Row(
                "SQRDMLAH (by element, scalar)", "01111111sslmmmmm1101h0nnnnnddddd", .sqrdmlahByElementScalar,
                .size1Or2, .rdm),
            Row(
                "SQRDMLSH (by element, scalar)", "01111111sslmmmmm1111h0nnnnnddddd", .sqrdmlshByElementScalar,
                .size1Or2, .rdm),
            Row(
                "FMLA (by element, scalar)", "010111111slmmmmm0001h0nnnnnddddd", .fmlaByElementScalar,
                .scalarElementPrecision),
            Row(
                "FMLA (by element, scalar), half-precision", "0101111100lmmmmm0001h0nnnnnddddd", .fmlaByElementScalar,
                .fp16),
            Row(
                "FMLS (by element, scalar)", "010111111slmmmmm0101h0nnnnnddddd", .fmlsByElementScalar,
                .scalarElementPrecision),
            Row(
                "FMLS (by element, scalar), half-precision", "0101111100lmmmmm0101h0nnnnnddddd", .fmlsByElementScalar,
                .fp16),
            Row(
                "FMUL (by element, scalar)", "010111111slmmmmm1001h0nnnnnddddd", .fmulByElementScalar,
                .scalarElementPrecision),
            Row(
                "FMUL (by element, scalar), half-precision", "0101111100lmmmmm1001h0nnnnnddddd", .fmulByElementScalar,
                .fp16),
            Row(
                "FMULX (by element, scalar)", "011111111slmmmmm1001h0nnnnnddddd", .fmulxByElementScalar,
                .scalarElementPrecision),
            Row(
                "FMULX (by element, scalar), half-precision", "0111111100lmmmmm1001h0nnnnnddddd", .fmulxByElementScalar,
                .fp16),
        ])
}
